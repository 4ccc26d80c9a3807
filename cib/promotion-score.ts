import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/**
 * Set or, with undefined, delete the promotion score of this node's instance (crm_attribute(8), --promotion).
 * The tool takes the resource from OCF_RESOURCE_INSTANCE.
 */
export async function publishPromotionScore(score: number | string | undefined, deadline: Deadline): Promise<void> {
  const change = score === undefined ? '--delete' : `--update=${score}` // "--update -INFINITY" would read as an option
  await clusterTool('publishing the promotion score', 'crm_attribute', ['--promotion', change], deadline)
}

/** The promotion score of a resource on a node; undefined when it has none. */
export async function readPromotionScore(
  resource: string,
  node: string,
  deadline: Deadline,
): Promise<string | undefined> {
  const args = [`--promotion=${resource}`, '--node', node, '--query', '--quiet']
  return clusterTool(`reading the promotion score of ${node}`, 'crm_attribute', args, deadline)
}

/** Set the promotion score of a resource on a node. */
export async function writePromotionScore(
  resource: string,
  node: string,
  score: string,
  deadline: Deadline,
): Promise<void> {
  const args = [`--promotion=${resource}`, '--node', node, `--update=${score}`]
  await clusterTool(`writing the promotion score of ${node}`, 'crm_attribute', args, deadline)
}
