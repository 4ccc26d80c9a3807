import { stayingPromoted } from '../../cib/notification.ts'
import { isAway } from '../../cib/source-record.ts'
import { isEmpty } from '../../lib/mysql/gtid-set.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import type { TailCut } from '../../lib/mysql/tail.ts'
import { doubtSentence } from '../divergence.ts'
import { follow } from '../follow.ts'
import { writtenBy } from '../holds.ts'
import { lookAgain, type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'
import { parseUncheckedCut } from '../unchecked-cut.ts'

interface Rung {
  /** For people, in the manual. */
  readonly found: string
  readonly outcome: string
  readonly plan: (situation: Situation) => Plan | undefined
}

/**
 * What becomes of the end of a stopped server's binary log, before the server starts: the first rung that is found decides.
 * Once it has started, the ladder in rejoin.ts goes on.
 */
export const BEFORE_START: readonly Rung[] = [
  {
    found: 'it crashed as the source, and nobody acknowledged what ends its binary log',
    outcome: 'cuts that off, keeps a copy, and starts the server',
    plan: cutAndStart,
  },
  {
    found: 'it crashed, and what ends its binary log cannot be cut for certain',
    outcome: 'starts the server as it is, and says why',
    plan: startUncut,
  },
  { found: 'it is stopped', outcome: 'starts the server', plan: () => lookAgain('starting mysqld', LAUNCH) },
]

const LAUNCH = [{ do: 'launch-server' }] as const

/** Start a stopped server, read-only from its first instant. */
export function startStopped(situation: Situation): Plan {
  for (const { plan } of BEFORE_START) {
    const found = plan(situation)
    if (found !== undefined) return found
  }
  throw new Error('the last rung always decides')
}

function cutAndStart(situation: Situation): Plan | undefined {
  const { node, tail } = situation
  if (tail?.say !== 'cut' || whyUncut(situation, tail.cut) !== undefined) return undefined
  return lookAgain(`${node} was the source and crashed; ${tail.because}`, [
    { do: 'cut-tail', cut: tail.cut },
    ...LAUNCH,
    { do: 'check-cut', cut: tail.cut },
  ])
}

function startUncut(situation: Situation): Plan | undefined {
  const { tail, memory } = situation
  if (memory.record !== undefined && isAway(memory.record)) return undefined // nothing is cut by the word of another site
  if (tail?.say !== 'cut' && tail?.say !== 'refuse') return undefined
  const because = tail.say === 'cut' ? whyUncut(situation, tail.cut) : tail.because
  return lookAgain(`starting mysqld without cutting its binary log: ${because}`, LAUNCH)
}

/** Why what the source lacks is not cut all the same: somebody may have had an answer for it. */
function whyUncut({ node, source, memory: { record } }: Situation, { transactions }: TailCut): string | undefined {
  if (record === undefined || isAway(record)) return 'no source of this cluster is on record'
  if (record.doubted.includes(node)) return doubtSentence(node)
  if (!source?.answers || source.writable || isEmpty(writtenBy(source, transactions))) return undefined
  return `${record.node} takes no writes, and lacks some that it wrote itself and ${node} holds`
}

/** An earlier start went past its timeout; the server is still on its way. */
export const startStarting = (): Plan => lookAgain('mysqld is still starting', [{ do: 'await-server' }])

/** Pacemaker takes a started instance to be unpromoted: make it so. */
export const startPromoted = (): Plan =>
  lookAgain('mysqld runs already and takes writes', [{ do: 'close-writes' }, { do: 'disarm-source' }])

/** The server runs read-only: follow the source, where there is one now. */
export function startUnpromoted(situation: Situation, facts: ServerFacts): Plan {
  const {
    node,
    notification,
    memory: { record, quarantines },
  } = situation
  const cut = parseUncheckedCut(quarantines.get(node) ?? '')
  if (cut !== undefined) return lookAgain('checking the cut of a start that was cut short', [{ do: 'check-cut', cut }])
  if (!record) return proceed('started; the cluster has had no source yet')
  if (record.node === node) return proceed('started; this node has been the source last')
  if (isAway(record)) return follow(situation, facts, record)
  if (notification && !stayingPromoted(notification).includes(record.node)) {
    return proceed(`started; ${record.node} has been the source last and is not promoted now`)
  }
  return follow(situation, facts, record)
}
