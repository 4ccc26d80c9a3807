import { isAway } from '../../cib/source-record.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { isSound } from '../acknowledging.ts'
import { wantedAcks } from '../durability.ts'
import { elect, type Verdict } from '../election.ts'
import type { Holder } from '../holder.ts'
import { holds, keeperOf } from '../holds.ts'
import { type FirstAcker, lookAgain, type Plan, proceed, refuse, type Step } from '../plan.ts'
import { type Proof, prove } from '../proof.ts'
import { whyNoTicket } from '../site.ts'
import type { Situation } from '../situation.ts'

/**
 * Make this instance the source.
 *
 * Pacemaker picked it by promotion scores, which are as old as the last monitors. So look at what every instance
 * published on pre-promote, with its receiver stopped: take over only with everything that was acknowledged.
 */
export function promoteUnpromoted(situation: Situation, facts: ServerFacts): Plan {
  const { node, quorate, notification, instances, memory } = situation
  const quarantine = memory.quarantines.get(node)
  if (!quorate) return refuse(`${node} is outside of the quorate partition`)
  const ticketless = whyNoTicket(situation)
  if (ticketless !== undefined) return refuse(ticketless)
  if (quarantine !== undefined) return refuse(`${node} is in quarantine: ${quarantine}`)
  if (instances > 1 && !notification)
    return refuse('the clone has no notifications: set its meta attribute notify=true')
  if (facts.replication && facts.replication.receiver !== 'stopped') {
    return lookAgain('holding the receiver still', [{ do: 'stop-receiver' }])
  }

  const held = holds(situation, facts)
  if (!held)
    return refuse(`${node} does not follow the recorded source ${memory.record?.host}, so nothing shows what it lacks`)
  return hold(situation, facts, { node, held, sound: isSound(situation, facts) })
}

/** Also the state of a server that a promote has opened before it was cut short; there is nothing left to do then. */
export function promotePromoted({ node, memory }: Situation): Plan {
  if (memory.record?.node === node) return proceed('already promoted')
  return lookAgain('mysqld takes writes but the cluster does not name it as its source', [{ do: 'close-writes' }])
}

/** The election, from the candidate's side. */
function hold(situation: Situation, facts: ServerFacts, candidate: Holder): Plan {
  const { node, peers, memory, unmet } = situation
  const answering = peers.flatMap(({ node, holdings }) => (holdings ? [{ node, ...holdings }] : []))
  const keeper = keeperOf(facts, answering)
  if (keeper)
    return refuse(`${node} lacks transactions that it wrote itself and ${keeper.node} has: run heir seed on ${node}`)
  const { bases, missing } = proofOf(situation, [candidate, ...answering])
  const usable = unmet === undefined ? bases : bases.filter(({ accepted }) => accepted)
  const replicas = answering.filter(({ node }) => !memory.quarantines.has(node)) // may testify, but nobody follows it
  const objections = unmet === undefined ? [] : [unmetSentence(node, unmet)]
  for (const { because, needed, lossless } of usable) {
    const verdict = elect(candidate, replicas, needed)
    if (verdict.say === 'refuse') {
      objections.push(verdict.because)
      continue
    }
    const taken = verdict.say === 'catch-up' ? `, takes what it lacks from ${verdict.from.node}` : ''
    return proceed(
      `${candidate.node} becomes the source${taken}: ${because}`,
      takeOver(situation, facts, { verdict, proven: lossless, replicas }),
    )
  }
  return refuse([...new Set([...objections, ...(missing === undefined ? [] : [missing])])].join('; '))
}

const unmetSentence = (node: string, other: string) =>
  `${node} has not met ${other} since Pacemaker started here, so what it remembers may be old: bring ${other} back, or accept the loss with "heir promote --accept-loss"`

/** Before the first source nothing was acknowledged, and everybody has to be heard. */
function proofOf({ node, memory, durability, peers }: Situation, answers: readonly Holder[]): Proof {
  if (memory.record) {
    return prove({ candidate: node, record: memory.record, memory, durability, answers })
  }
  const silent = peers.filter(({ holdings }) => holdings === undefined).map(({ node }) => node)
  if (silent.length > 0) return { bases: [], missing: `${silent.join(' and ')} has not published what it holds` }
  const needed = { held: answers.map(({ held }) => held), history: '' }
  const because = 'it is the first, and holds what everybody holds'
  return { bases: [{ because, needed, lossless: true, accepted: false }], missing: undefined }
}

interface Outcome {
  readonly verdict: Verdict
  readonly proven: boolean
  /** Those that will follow. */
  readonly replicas: readonly (Holder & FirstAcker)[]
}

function takeOver(situation: Situation, { replication }: ServerFacts, outcome: Outcome): readonly Step[] {
  const { instances, memory, durability } = situation
  const { verdict, proven, replicas } = outcome
  const drain: readonly Step[] = replication ? [{ do: 'drain-relay-log' }] : []
  const catchUp: readonly Step[] =
    verdict.say === 'catch-up' ? [{ do: 'catch-up-from', peer: verdict.from }, { do: 'stop-receiver' }] : []
  const forget: readonly Step[] = replication || catchUp.length > 0 ? [{ do: 'forget-source' }] : []
  const wanted = instances > 1 ? wantedAcks(durability) : 0
  // One that is not sound must get in step first; its registration of before goes on saying that it is not.
  const ackers = wanted === 0 ? [] : replicas.filter(({ sound }) => sound).map(({ node, boot }) => ({ node, boot }))
  const acks = durability.mode === 'strict' ? wanted : Math.min(wanted, ackers.length)
  return [
    ...drain,
    { do: 'disarm-replica' }, // nothing that it fetches from a peer counts as an acknowledgement
    ...catchUp,
    acks > 0 ? { do: 'arm-source', acks } : { do: 'disarm-source' }, // the first commit is waited for like any other
    {
      do: 'publish-source',
      epoch: (memory.record?.epoch ?? 0) + 1,
      acks,
      proven,
      doubted: doubted(situation, outcome),
      ackers,
    },
    ...forget, // not before: without GTIDs its channel alone shows what it holds, should this promote be cut short
    { do: 'open-writes' }, // last: nothing is written before the others know whom to follow
  ]
}

/**
 * Who may hold acknowledged writes that this source lacks, now or from an earlier promotion: whoever has ever held some, and
 * is neither the source nor among those that will follow.
 */
function doubted({ node, memory }: Situation, { proven, replicas }: Outcome): readonly string[] {
  const { record, registrations } = memory
  const before = record?.doubted ?? []
  const known =
    proven || !record
      ? before
      : [...new Set([...before, ...(isAway(record) ? [] : [record.node]), ...registrations.keys()])]
  return known.filter(name => name !== node && !replicas.some(replica => replica.node === name))
}
