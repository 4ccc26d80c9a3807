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

/** Pacemaker does not run here, or has gone while it was asked (CRM_EX_DISCONNECT). What the tools say to it is little or nothing. */
const DISCONNECTED = 102

/** With this variable set, attrd_updater answers for that node alone even when it is asked for all. Every call here names its node. */
const UNSET = ['OCF_RESKEY_CRM_meta_on_node']

/**
 * Run one of Pacemaker's command line tools; answers what it prints, or undefined when the thing asked for is not there.
 * `doing` names what it is run for in the Failure `rejected` that any other end becomes. Throws Failure `not-installed` where
 * there is no such tool.
 */
export async function clusterTool(
  doing: string,
  tool: Tool,
  args: readonly string[],
  deadline: Deadline,
  input?: string,
): Promise<string | undefined> {
  const options = { deadline, unset: UNSET, ...(input !== undefined && { input }) }
  const { exitCode, stdout, stderr } = await command(tool, args, options).catch(error => {
    throw withRemedy(doing, tool, error)
  })
  if (exitCode === 0) return stdout.trim()
  if (ABSENT[tool].includes(exitCode)) return undefined
  if (exitCode === DISCONNECTED) {
    const sentence = `${doing}: ${tool} does not reach Pacemaker on this node: start it here, or use a node where it runs`
    throw new Failure('rejected', sentence, { code: exitCode })
  }
  const said = stderr.trim().split('\n').at(-1) || 'it says nothing'
  throw new Failure('rejected', `${doing}: ${tool} ended with ${exitCode}: ${said}`, { code: exitCode })
}

function withRemedy(doing: string, tool: Tool, error: unknown): unknown {
  if (!(error instanceof Failure && error.kind === 'not-installed')) return error
  const remedy = "use a node of the cluster, with Pacemaker's command line tools"
  return new Failure('not-installed', `${doing}: there is no ${tool} here: ${remedy}`, { cause: error })
}
