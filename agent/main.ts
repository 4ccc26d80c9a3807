import { basename } from 'node:path'
import { Log } from '../lib/system/log.ts'
import { isAction, runAgent } from './agent.ts'
import { OCF } from './exit-code.ts'
import type { Invocation } from './invocation.ts'

/** The name of the symbolic link by which Pacemaker finds the agent. */
const AGENT_NAME = 'mysql'

/** Exit codes that are plain news and need no reason. */
const PLAIN: readonly number[] = [OCF.SUCCESS, OCF.RUNNING_PROMOTED]

/** Where a command writes, which Pacemaker does not tell where its log is: the usual place. */
const CLUSTER_LOG = '/var/log/pacemaker/pacemaker.log'

// Node's own exit codes for what nobody caught collide with OCF's, so nothing but this file may end the process.
// An error thrown in here would end it with 7, which means "not running".
process.exitCode = OCF.ERR_GENERIC
process.on('uncaughtException', error => leave(OCF.ERR_GENERIC, `unexpected: ${String(error)}`))

const words = process.argv.slice(2)
// "heir promote" alone is the beginning of a command, and not the wish to skip the cluster, unless it is told of a resource.
const isCommand = words[0] === 'promote' && process.env['OCF_RESOURCE_INSTANCE'] === undefined
const isAgentsWord = words.length === 1 && !isCommand && isAction(words[0])
const calledAsAgent = basename(process.argv0) === AGENT_NAME || isAgentsWord
void (calledAsAgent ? agent(words[0]) : commands())

async function agent(action: string | undefined): Promise<void> {
  const { exit, because, output } = await runAgent(action, process.env, openLog)
  if (output !== undefined) return print(output, exit)
  leave(exit, PLAIN.includes(exit) ? undefined : because)
}

async function commands(): Promise<void> {
  const { runCommand } = await import('./commands/command-line.ts')
  const { exit, output, complaint } = await runCommand(words, {
    openLog: invocation => openLog(invocation, CLUSTER_LOG),
    terminal: process.stdout.isTTY === true,
    write: text => process.stdout.write(text),
    output: process.stdout,
  })
  if (complaint !== undefined) process.stderr.write(`heir: ${complaint}\n`)
  print(output, exit)
}

function openLog({ resource, node }: Invocation, otherwise?: string): Log {
  const { HA_LOGFILE, PCMK_logfile, OCF_TRACE_RA, OCF_TRACE_FILE, OCF_RESKEY_trace_ra, OCF_RESKEY_trace_file } =
    process.env
  const file = HA_LOGFILE ?? PCMK_logfile ?? otherwise
  const isTraced = OCF_TRACE_RA === '1' || OCF_RESKEY_trace_ra === '1' // the latter by "crm resource trace"
  return new Log({
    writer: `heir(${resource})`,
    node: node ?? '-',
    pid: process.pid,
    file: file === undefined || file === 'none' ? undefined : file,
    traceFile: isTraced ? (OCF_TRACE_FILE ?? OCF_RESKEY_trace_file ?? `/run/heir-${resource}.trace`) : undefined,
    fallback: line => process.stderr.write(`${line}\n`),
  })
}

/** End with this code once the reason is out; Pacemaker takes the last such line. */
function leave(code: number, reason: string | undefined): void {
  if (reason === undefined) process.exit(code)
  const prefix = calledAsAgent ? process.env['OCF_EXIT_REASON_PREFIX'] || 'ocf-exit-reason:' : 'heir: '
  process.stderr.write(`${prefix}${reason.replaceAll(/\s*\n\s*/g, ' ')}\n`, () => process.exit(code))
}

/** End with this code once all of the text is out, which for a pipe takes more than one write. */
function print(text: string, code: number): void {
  process.stdout.write(text, () => process.exit(code))
}
