import { command } from '../lib/system/command.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'

/** What Pacemaker's tools end with for a thing that is not there: CRM_EX_NOSUCH, the errno of 2.0, attrd_updater's own. */
const ABSENT: readonly number[] = [105, 6, 78]

/** With this variable set, attrd_updater answers for that node alone even when it is asked for all. Every call here names its node. */
const UNSET = ['OCF_RESKEY_CRM_meta_on_node']

/**
 * Run one of Pacemaker's command line tools; answers what it prints, or undefined when the thing asked for is not there.
 * `doing` names what it is run for in the Failure `rejected` that any other end becomes.
 */
export async function clusterTool(
  doing: string,
  tool: 'crm_attribute' | 'attrd_updater' | 'crm_node' | 'crm_mon',
  args: readonly string[],
  deadline: Deadline,
): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await command(tool, args, { deadline, unset: UNSET })
  if (exitCode === 0) return stdout.trim()
  if (ABSENT.includes(exitCode)) return undefined
  const said = stderr.trim().split('\n').at(-1) || 'it says nothing'
  throw new Failure('rejected', `${doing}: ${tool} ended with ${exitCode}: ${said}`, { code: exitCode })
}
