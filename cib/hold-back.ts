import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { attributeOf, readCib } from './cib-text.ts'
import { clusterTool } from './cluster-tool.ts'

/**
 * Keep the resource away from a node, by a constraint that outlives restarts: Pacemaker stops what runs there. The constraint
 * has a name of its own: an administrator's ban beside it is another one, and stays.
 */
export async function holdBack(resource: string, node: string, deadline: Deadline): Promise<void> {
  const clone = outermost(resource, await readCib(deadline))
  const id = constraintId(resource, node)
  const constraint = `<rsc_location id="${id}" rsc="${clone}" node="${node}" score="-INFINITY"/>`
  const xml = `<configuration><constraints>${constraint}</constraints></configuration>`
  const args = ['--modify', '--allow-create', '--xml-text', xml]
  await clusterTool(`keeping ${clone} away from ${node}`, 'cibadmin', args, deadline)
}

/** Let it run there again, whatever had failed before. Nothing happens where nothing keeps it away. */
export async function letRun(resource: string, node: string, deadline: Deadline): Promise<void> {
  const clone = outermost(resource, await readCib(deadline))
  const constraint = `//constraints/rsc_location[@id='${constraintId(resource, node)}']`
  await clusterTool(`letting ${clone} run on ${node}`, 'cibadmin', ['--delete', '--xpath', constraint], deadline)
  const args = ['--cleanup', '--resource', clone, '--node', node]
  await clusterTool(`forgetting what failed on ${node}`, 'crm_resource', args, deadline)
}

const constraintId = (resource: string, node: string) => `${resource}-held-back-from-${node}`

/**
 * The name by which constraints know a resource: that of the clone or group around it. From the text that Pacemaker writes.
 * Throws Failure `rejected` for a resource that is not there.
 */
export function outermost(resource: string, cib: string): string {
  const around: string[] = []
  for (const [tag, closing, element] of cib.matchAll(/<(\/?)(clone|master|group|primitive)\b[^>]*>/g)) {
    const id = attributeOf(tag, 'id') ?? ''
    if (element === 'primitive' && id === resource) return around[0] ?? resource
    if (element === 'primitive') continue
    if (closing === '/') around.pop()
    else if (!tag.endsWith('/>')) around.push(id)
  }
  throw new Failure('rejected', `the cluster has no resource ${resource}`)
}
