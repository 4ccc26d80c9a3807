import { hookRuns } from '../../cib/hook-runs.ts'
import type { SourceRecord } from '../../cib/source-record.ts'
import { runForeign } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { distrust } from '../../lib/system/trusted-program.ts'
import { readMemory } from '../observe-memory.ts'
import type { Session } from '../session.ts'
import { openSession } from './command-session.ts'
import type { PromotionReport } from './promotion.ts'
import type { Surroundings } from './surroundings.ts'

/** For which promotion the program of `post_promote_script` is to run. */
export interface HookRequest {
  readonly resource: string
  /** Empty where there was none, or the same node. */
  readonly oldSource: string
}

/** The longest that a script may take, and some time for the cluster to answer in. */
const WHOLE_MS = 3_700_000
/** What ignores SIGTERM is killed after so many seconds more. */
const KILL_SECONDS = 5
/** And whoever ends it has so much more to do that. */
const GRACE_MS = 10_000

/**
 * Run the program that is named for after a promotion, once a promotion, and write what it says into the log. The agent starts
 * this in a session of its own: neither the promotion nor Pacemaker waits for it, or ends it.
 */
export async function runHook({ resource, oldSource }: HookRequest, around: Surroundings): Promise<PromotionReport> {
  const opened = await openSession(resource, WHOLE_MS, around.openLog)
  if ('refusal' in opened) return { done: false, sentence: opened.refusal }
  const { session } = opened
  const { record } = await readMemory(session)
  const runs = hookRuns(resource)
  if (record?.node !== session.node || (await runs.read())?.epoch === record.epoch)
    return { done: true, sentence: 'this promotion calls for nothing' }
  await runs.write({ epoch: record.epoch })
  const sentence = await attempt(session, record, oldSource)
  return { done: true, sentence }
}

async function attempt(session: Session, record: SourceRecord, oldSource: string): Promise<string> {
  const { post_promote_script: script } = session.parameters
  if (script === undefined) return 'there is no script'
  const complaint = await distrust(script)
  if (complaint !== undefined) return tell(session, `is not run: ${complaint}`)
  try {
    return tell(session, await execute(script, session, environmentOf(session, record, oldSource)))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return tell(session, error.message)
  }
}

/** timeout(1) ends what the script has started as well: it leads a process group of its own. */
async function execute(script: string, { parameters, log }: Session, environment: Readonly<Record<string, string>>) {
  const seconds = parameters.post_promote_timeout
  const deadline = Deadline.in((seconds + KILL_SECONDS) * 1000 + GRACE_MS)
  const words = [`--kill-after=${KILL_SECONDS}`, String(seconds), script]
  const { exitCode, stdout, stderr } = await runForeign('timeout', words, { deadline, environment })
  for (const line of linesOf(stdout)) log.info(`${NAME}: ${line}`)
  for (const line of linesOf(stderr)) log.warning(`${NAME}: ${line}`)
  return [124, 137].includes(exitCode) ? `was ended after ${seconds} s` : `ended with exit code ${exitCode}`
}

const NAME = 'post_promote_script'

/** Pacemaker's log is not the place for more than this. */
const LINES = 100
const LINE_CHARACTERS = 1000

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter(Boolean)
    .slice(0, LINES)
    .map(line => (line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line))

function tell({ log }: Session, sentence: string): string {
  const said = `${NAME} ${sentence}`
  if (sentence.endsWith('exit code 0')) log.info(said)
  else log.warning(said)
  return said
}

/** The kernel takes no longer variable than 128 KiB. */
const GTID_CHARACTERS = 100_000

function environmentOf({ invocation, node, parameters }: Session, record: SourceRecord, oldSource: string) {
  return {
    HEIR_RESOURCE: invocation.resource,
    HEIR_NODE: node,
    HEIR_OLD_SOURCE: oldSource,
    HEIR_EPOCH: String(record.epoch),
    HEIR_GTID: record.gtid.length > GTID_CHARACTERS ? '' : record.gtid,
    HEIR_LOG_FILE: record.binaryLog.file,
    HEIR_LOG_POSITION: String(record.binaryLog.position),
    HEIR_PORT: String(record.port),
    HEIR_SOCKET: parameters.socket,
  }
}
