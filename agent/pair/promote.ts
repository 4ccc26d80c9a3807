import { stayingPromoted } from '../../cib/notification.ts'
import { isEmpty, subtract } from '../../lib/mysql/gtid-set.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { isSound } from '../acknowledging.ts'
import { wantedAcks } from '../durability.ts'
import { isFollowing } from '../follow.ts'
import { holds, keeperOf } from '../holds.ts'
import { type FirstAcker, lookAgain, type Plan, proceed, refuse, type Step } from '../plan.ts'
import type { Situation } from '../situation.ts'
import { judge } from './election.ts'
import { keepInTouch } from './follow-other.ts'
import { lossSentence } from './lost-writes.ts'
import { asReplica, type PairView } from './pair-view.ts'
import { settingsObjection } from './settings.ts'

/**
 * Let this instance take writes, beside the other one or alone. It is the source of its own writes; it also needs what the
 * other one acknowledged: from it where it is there, else by the proof that its successor would need. The other one's reign
 * goes on: what only that one holds comes later, when it is back.
 */
export function promotePairUnpromoted(situation: Situation, facts: ServerFacts): Plan {
  const objection = objectionTo(situation, facts)
  if (objection !== undefined) return refuse(objection)
  const { notification, pair } = situation
  const { record } = asReplica(situation).memory
  const isBeside = record !== undefined && notification && stayingPromoted(notification).includes(record.node)
  return isBeside ? joinOther(situation, facts, pair) : standAlone(withWholeWords(situation), facts)
}

/** The same for one that takes writes already, as a promote leaves it that was cut short. */
export function promotePairPromoted({ memory }: Situation): Plan {
  if (memory.record !== undefined) return proceed('already promoted')
  return lookAgain('mysqld takes writes, and the cluster has no record of it', [{ do: 'close-writes' }])
}

function objectionTo(situation: Situation, facts: ServerFacts): string | undefined {
  const { node, quorate, notification, memory, pair, byGtid } = situation
  const quarantine = memory.quarantines.get(node)
  if (!quorate) return `${node} is outside of the quorate partition`
  if (quarantine !== undefined) return `${node} is in quarantine: ${quarantine}`
  if (!notification) return 'the clone has no notifications: set its meta attribute notify=true'
  if (!byGtid) return 'the servers of a pair need GTIDs: set gtid_mode=ON'
  if (facts.replication?.applierError !== undefined)
    return `${node} has an applier that stopped with an error: ${facts.replication.applierError}`
  return lossSentence(situation, facts) ?? keptByOther(situation, facts) ?? (pair && settingsObjection(node, pair))
}

/** What this instance wrote and lost, and the other one has received: it can never be fetched, and its numbers would be given anew. */
function keptByOther({ node, peers }: Situation, facts: ServerFacts): string | undefined {
  const keeper = keeperOf(
    facts,
    peers.flatMap(({ node, holdings }) => (holdings ? [{ node, ...holdings }] : [])),
  )
  return keeper && `${node} lacks transactions that it wrote itself and ${keeper.node} has: run heir seed on ${node}`
}

/** The other one takes writes: have what it has by now, and go on following it. */
function joinOther(situation: Situation, facts: ServerFacts, pair: PairView | undefined): Plan {
  const { node, source } = situation
  const { record } = asReplica(situation).memory
  if (record === undefined || source === undefined)
    return refuse(`${pair?.other} takes writes, and has not been asked what it has`)
  if (!source.answers) return refuse(`${record.node} takes writes, and does not say what it has: ${source.because}`)
  if (!isFollowing(facts, record)) {
    const plan = keepInTouch(situation, facts)
    return plan?.steps.some(step => step.do === 'follow')
      ? lookAgain(plan.because, plan.steps)
      : refuse(plan?.because ?? `${node} does not follow ${record.node}`)
  }
  const held = { by: 'gtid', flavour: facts.flavour, set: source.executed } as const
  const fetch: Step = { do: 'catch-up-from', peer: { node: record.node, held, sound: true } }
  const because = `${node} takes writes beside ${record.node}`
  return open(situation, { because, before: [fetch], lossless: true })
}

/** Who was heard in part took writes then; without it all has to be known. */
const withWholeWords = (situation: Situation): Situation => ({
  ...situation,
  peers: situation.peers.map(({ node, holdings }) => ({ node, holdings: holdings?.partial ? undefined : holdings })),
})

/** The other one takes none: what it acknowledged has to be here, or with it. */
function standAlone(situation: Situation, facts: ServerFacts): Plan {
  const { node, peers } = situation
  if (facts.replication && facts.replication.receiver !== 'stopped')
    return lookAgain('holding the receiver still', [{ do: 'stop-receiver' }])
  const replica = asReplica(situation)
  const held = holds(replica, facts)
  if (held?.by !== 'gtid') return refuse(`${node} does not say what it holds by GTIDs`)
  const other = peers.flatMap(({ node, holdings }) => (holdings ? [{ node, ...holdings }] : []))[0]
  const doubt = whyDoubtful(situation, facts)
  if (doubt !== undefined) return refuse(doubt)
  const verdict = judge(situation, { node, held, sound: isSound(replica, facts) }, other)
  if ('refusal' in verdict) return refuse(verdict.refusal)
  const { because, lossless, needed } = verdict
  const drain: readonly Step[] = facts.replication ? [{ do: 'drain-relay-log' }] : []
  const fetch: readonly Step[] =
    isEmpty(subtract(needed, held.set)) || other === undefined ? [] : [{ do: 'catch-up-from', peer: other }]
  return open(situation, {
    because: `${node} takes writes: ${because}`,
    before: [...drain, ...fetch],
    lossless,
  })
}

/**
 * It may have lost with its power what it acknowledged, and nobody is there who has it for certain; undefined where that is not
 * so, and where a person has accepted the loss.
 */
function whyDoubtful(situation: Situation, facts: ServerFacts): string | undefined {
  const { node, memory, peers, pair } = situation
  const { acceptedLoss, record } = pair?.memory ?? {}
  if (memory.record === undefined || isSound(situation, facts) || firstAckers(situation).length > 0) return undefined
  if (acceptedLoss?.node === node && acceptedLoss.epoch === record?.epoch) return undefined
  const because = `${node} may have lost with its power what it acknowledged`
  const loss = 'accept the loss with "heir promote --accept-loss"'
  const present = peers.find(({ holdings }) => holdings !== undefined)
  if (present === undefined) return `${because}: bring ${pair?.other} back, or ${loss}`
  return record === undefined ? undefined : `${because}, and so may ${present.node}: ${loss}`
}

interface Opening {
  readonly because: string
  readonly before: readonly Step[]
  readonly lossless: boolean
}

/** Acknowledgements in force before the record, the record before writes; the other one stays followed. */
function open(situation: Situation, { because, before, lossless }: Opening): Plan {
  const { memory, durability } = situation
  const wanted = wantedAcks(durability)
  const first = wanted === 0 ? [] : firstAckers(situation)
  const acks = durability.mode === 'strict' ? wanted : Math.min(wanted, first.length)
  return proceed(because, [
    { do: 'relax-source' }, // no commit of a client waits, but the applier's may
    ...before,
    acks > 0 ? { do: 'arm-source', acks } : { do: 'disarm-source' },
    {
      do: 'publish-source',
      epoch: (memory.record?.epoch ?? 0) + 1,
      acks,
      proven: lossless,
      doubted: [],
      ackers: first,
    },
    { do: 'open-writes' },
  ])
}

/** The other one, if it is there and has lost nothing that it acknowledged here before; else it gives its word anew when it follows. */
function firstAckers({ peers, memory }: Situation): readonly FirstAcker[] {
  return peers.flatMap(({ node, holdings }) => {
    const before = memory.registrations.get(node)
    return holdings && (before === undefined || before.boot === holdings.boot) ? [{ node, boot: holdings.boot }] : []
  })
}
