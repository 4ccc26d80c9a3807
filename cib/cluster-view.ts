import type { Deadline } from '../lib/system/deadline.ts'
import { attributeOf } from './cib-text.ts'
import { clusterTool } from './cluster-tool.ts'

/** Who is there, as Pacemaker says it. */
export interface ClusterView {
  /** Nodes that are members of this partition, but for remote ones, which have no CIB. */
  readonly online: readonly string[]
  /** Nodes of which nobody knows what they do, until they are fenced. */
  readonly unclean: readonly string[]
  /** Nodes with an instance of the resource that is not known to be stopped. */
  readonly active: readonly string[]
}

/** Ask Pacemaker. Throws Failure `rejected` when it does not answer on this node. */
export async function readClusterView(resource: string, deadline: Deadline): Promise<ClusterView> {
  const xml = await clusterTool('asking who is there', 'crm_mon', ['--one-shot', '--output-as=xml'], deadline)
  return parseClusterView(resource, xml ?? '')
}

/**
 * Read the XML that crm_mon writes (schema crm_mon.rng of Pacemaker 2.1 and 3.0), by its tags: monitor has no time to load a
 * parser. The nodes stand before the resources; a resource names the nodes it is active on.
 */
export function parseClusterView(resource: string, xml: string): ClusterView {
  const online: string[] = []
  const unclean: string[] = []
  const active = new Set<string>()
  let within: string | undefined
  for (const [tag, element] of xml.matchAll(/<(\/?(?:node|resource))\b[^>]*>/g)) {
    if (element === 'resource' && !tag.endsWith('/>')) within = attributeOf(tag, 'id')?.replace(/:\d+$/, '')
    if (element === '/resource') within = undefined
    const node = element === 'node' ? attributeOf(tag, 'name') : undefined
    if (node === undefined) continue
    if (within === resource) active.add(node)
    if (attributeOf(tag, 'type') !== 'member') continue
    if (attributeOf(tag, 'unclean') === 'true') unclean.push(node)
    else if (attributeOf(tag, 'online') === 'true') online.push(node)
  }
  return { online, unclean, active: [...active] }
}
