import { command } from '../lib/system/command.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'

/** What each tool ends with for a thing that is not there. The same number of another tool means a broken configuration. */
const ABSENT: Readonly<Record<Tool, readonly number[]>> = {
  crm_attribute: [105], // CRM_EX_NOSUCH
  attrd_updater: [105, 78],
  crm_node: [],
  crmadmin: [],
  cibadmin: [105],
  crm_mon: [],
  crm_resource: [],
  crm_ticket: [105, 6], // Pacemaker 2.1 answers ENXIO
}

type Tool =
  | 'crm_attribute'
  | 'attrd_updater'
  | 'crm_node'
  | 'crm_mon'
  | 'crmadmin'
  | 'crm_resource'
  | 'crm_ticket'
  | 'cibadmin'

/** With this variable set, attrd_updater answers for that node alone even when it is asked for all. Every call here names its node. */
const UNSET = ['OCF_RESKEY_CRM_meta_on_node']

/**
 * Run one of Pacemaker's command line tools; answers what it prints, or undefined when the thing asked for is not there.
 * `doing` names what it is run for in the Failure `rejected` that any other end becomes.
 */
export async function clusterTool(
  doing: string,
  tool: Tool,
  args: readonly string[],
  deadline: Deadline,
  input?: string,
): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await command(tool, args, {
    deadline,
    unset: UNSET,
    ...(input !== undefined && { input }),
  })
  if (exitCode === 0) return stdout.trim()
  if (ABSENT[tool].includes(exitCode)) return undefined
  const said = stderr.trim().split('\n').at(-1) || 'it says nothing'
  throw new Failure('rejected', `${doing}: ${tool} ended with ${exitCode}: ${said}`, { code: exitCode })
}
