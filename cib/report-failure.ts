import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/**
 * Tell Pacemaker that an instance has failed, as if a monitor had found it: it recovers it at once. Pacemaker records the
 * operation `asyncmon` with the result `error` and the reason "Simulated failure" (crm_resource(8), `--fail`).
 */
export async function reportFailure(resource: string, node: string, deadline: Deadline): Promise<void> {
  const args = ['--fail', '--resource', resource, '--node', node]
  await clusterTool(`reporting the failure of ${resource}`, 'crm_resource', args, deadline)
}
