import type { SourceRecord } from '../../cib/source-record.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { becomeAcker } from '../acknowledging.ts'
import { certify } from '../certify.ts'
import { pointsAt } from '../channel.ts'
import { whyClosed } from '../closure.ts'
import { errantSentence, outdatedSentence } from '../divergence.ts'
import { type ExitCode, OCF } from '../exit-code.ts'
import { fitness } from '../fitness.ts'
import { follow, isFollowing, putAside } from '../follow.ts'
import { errant, outdated } from '../holds.ts'
import { type Plan, proceed, refuse } from '../plan.ts'
import { judgeRejoin } from '../rejoin.ts'
import { turnAway } from '../site.ts'
import type { Instance, InstanceState, Situation } from '../situation.ts'

type Serving = Extract<Instance, { facts: unknown }>

/**
 * Say what is. Some things are mended on the way: a server that takes writes while the cluster names another source closes
 * itself; a replica that follows nobody, or somebody else, follows the source (its post-promote may have been lost) and
 * becomes an acker once it is in step; the source keeps what the cluster knows of its acknowledgements true.
 */
export const MONITOR: { readonly [State in InstanceState]: (situation: Situation) => Plan } = {
  stopped: () => refuse('mysqld is not running', OCF.NOT_RUNNING),
  starting: () => refuse('mysqld is still starting; crash recovery may take its time'),
  foreign: situation => refuse(sentenceOf(situation.instance)),
  failed: situation => refuse(sentenceOf(situation.instance), failure(situation)),
  crowded: ({ instance }) => crowded(instance),
  unpromoted,
  promoted,
}

function promoted(situation: Situation): Plan {
  const closed = whyClosed(situation)
  if (closed !== undefined)
    return refuse(closed, OCF.FAILED_PROMOTED, [{ do: 'close-writes' }, { do: 'disarm-source' }])
  const { because, degraded } = fitness(situation)
  const exit = degraded ? OCF.DEGRADED_PROMOTED : OCF.RUNNING_PROMOTED
  const measure = isServing(situation.instance) ? certify(situation, situation.instance.facts) : undefined
  if (measure === undefined) return proceed(because, [], exit)
  return { because: `${because}: ${measure.because}`, steps: measure.steps, next: exit, otherwise: [] }
}

function unpromoted(situation: Situation): Plan {
  const { because, degraded } = fitness(situation)
  const exit = degraded ? OCF.DEGRADED : OCF.SUCCESS
  const turn = isServing(situation.instance) ? turnAway(situation, situation.instance.facts) : undefined
  const mending = turn ?? mend(situation)
  if (mending === undefined || mending.steps.length === 0) return proceed(because, [], exit)
  const isMended = mending.steps.some(step => step.do === 'follow' || step.do === 'restart-receiver')
  return { ...mending, next: isMended ? OCF.SUCCESS : exit, otherwise: [] }
}

/** What a replica needs: only with the source's own word, and not while an election holds it still. */
function mend(situation: Situation): Plan | undefined {
  const { instance, node, frozen, source, memory } = situation
  const { record } = memory
  if (!record || record.node === node || !source || !isServing(instance)) return undefined
  const verdict = judgeRejoin({ ...situation, facts: instance.facts, record })
  const unsound = verdict.say === 'barred' ? undefined : unsoundness(situation, instance.facts, record)
  if (unsound !== undefined) return putAside(situation, record, unsound)
  const quarantine = memory.quarantines.get(node)
  if (quarantine !== undefined) return putAside(situation, record, `${node} is in quarantine: ${quarantine}`)
  // A source that takes writes has not been demoted for any election: this one came to nothing.
  const isHeld = frozen && source.answers && !source.writable
  if (!source.answers || isHeld || (verdict.say === 'follow' && hasComplaint(instance, record))) return undefined
  if (isPaused(situation, instance, record)) return undefined
  if (isFollowing(instance.facts, record)) return becomeAcker(situation, instance.facts, record)
  return follow(situation, instance.facts, record)
}

/** A backup may have stopped the applier, and starts it again when it is over. */
function isPaused(
  { readers: { backup } }: Situation,
  { facts: { replication } }: Serving,
  record: SourceRecord,
): boolean {
  const isReceiving = pointsAt(replication, record) && replication?.receiver === 'running'
  return backup?.state === 'held' && isReceiving && !replication.applierRunning
}

/** What is wrong with the data of a replica, also of one that follows: what it wrote itself is too much, or is not there. */
function unsoundness(situation: Situation, facts: ServerFacts, record: SourceRecord): string | undefined {
  const { node } = situation
  const own = errant(situation, facts)
  if (own.size > 0) return errantSentence(node, record.node, facts.flavour, own)
  const lacked = outdated(situation, facts)
  return lacked.size > 0 ? outdatedSentence(node, facts.flavour, lacked) : undefined
}

/** Alive is not dead: with the connections used up, the role is the one that this same process had before. */
function crowded(instance: Instance): Plan {
  const lastSeen = instance.state === 'crowded' ? instance.lastSeen : undefined
  const because = 'mysqld has no connection left for its monitor: raise max_connections'
  if (lastSeen === undefined) return refuse(because)
  return proceed(because, [], lastSeen === 'promoted' ? OCF.DEGRADED_PROMOTED : OCF.DEGRADED)
}

function failure({ node, memory: { record } }: Situation): ExitCode {
  return record?.node === node ? OCF.FAILED_PROMOTED : OCF.ERR_GENERIC
}

/** The source is there and does not have what this replica asks for, or cannot read it: this does not pass by itself. */
const REFUSED = /\((1236|159\d|1872|131\d\d)\)$/

/** An error that replication stopped with stays when it is started again; the operator must see it. */
function hasComplaint({ facts: { replication } }: Serving, record: SourceRecord): boolean {
  if (replication?.applierError !== undefined) return true
  const isRefused = REFUSED.test(replication?.receiverError ?? '')
  return isRefused && replication?.receiver === 'stopped' && pointsAt(replication, record)
}

const isServing = (instance: Instance): instance is Serving => 'facts' in instance
const sentenceOf = (instance: Instance) => ('because' in instance ? instance.because : instance.state)
