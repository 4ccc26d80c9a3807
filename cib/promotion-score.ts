import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/** The promotion score of a resource on a node; undefined when it has none. */
export async function readPromotionScore(
  resource: string,
  node: string,
  deadline: Deadline,
): Promise<string | undefined> {
  const args = [`--promotion=${resource}`, '--node', node, '--query', '--quiet']
  return clusterTool(`reading the promotion score of ${node}`, 'crm_attribute', args, deadline)
}

/** Set or, with undefined, delete the promotion score of a resource on a node (crm_attribute(8), --promotion). */
export async function writePromotionScore(
  resource: string,
  node: string,
  score: number | string | undefined,
  deadline: Deadline,
): Promise<void> {
  const change = score === undefined ? '--delete' : `--update=${score}` // "--update -INFINITY" would read as an option
  const args = [`--promotion=${resource}`, '--node', node, change]
  await clusterTool(`writing the promotion score of ${node}`, 'crm_attribute', args, deadline)
}
