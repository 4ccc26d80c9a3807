import { isAway } from '../cib/source-record.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { pointsAt } from './channel.ts'
import { certifiedAcks, wantedAcks } from './durability.ts'
import { errant, outdated } from './holds.ts'
import { verdictOn } from './rejoin.ts'
import type { Situation } from './situation.ts'

/** A serving instance and what to judge it by. */
export interface Subject extends Situation {
  readonly facts: ServerFacts
}

/** Its data are older than its own time as source. */
export const isAged = (subject: Subject): boolean => outdated(subject, subject.facts).size > 0

/** The cluster replaces a source that is gone, and need not be told; not one of another site. */
export const mayBeDead = ({ source, memory: { record } }: Subject): boolean =>
  source?.answers !== true && (record === undefined || !isAway(record))

/** It takes writes in the name of another one's epoch. */
export const isAnothers = ({ memory: { record }, node }: Subject): boolean =>
  record !== undefined && record.node !== node

/** Its commits wait for acknowledgements that nobody is there to give. */
export const lacksAckers = ({ semiSync }: ServerFacts): boolean =>
  semiSync?.sourceEnabled === true && semiSync.ackers === 0

/** A loss of power may take what it acknowledges. With durability=async nothing is promised that this could break. */
export const isVolatile = ({ facts, durability }: Subject): boolean =>
  durability.mode !== 'async' && !facts.commitsSynced

/** Its channel points at the source; whether it runs is another matter. */
export const follows = ({ facts, memory: { record } }: Subject): boolean =>
  record !== undefined && pointsAt(facts.replication, record)

/** Fewer replicas than the parameters ask for have each acknowledged write. */
export function isShort({ memory, durability, instances }: Subject): boolean {
  return instances > 1 && memory.record !== undefined && certifiedAcks(memory.record, memory) < wantedAcks(durability)
}

/** A receiver that an election holds still shows its last error too, mostly that the source is gone. */
export function isRefused({ facts: { replication }, frozen, source }: Subject): boolean {
  const hasGivenUp = replication?.receiver === 'stopped' && replication.receiverError !== undefined
  return hasGivenUp && !frozen && source?.answers === true
}

/** Its data differ from the source's, or must not be used for another reason. */
export function isQuarantined(subject: Subject): boolean {
  const { record, quarantines } = subject.memory
  if (quarantines.has(subject.node)) return true
  if (record === undefined) return false
  if (errant(subject, subject.facts).size > 0) return true
  const verdict = follows(subject) ? undefined : verdictOn(subject, subject.facts)?.say
  return verdict === 'quarantine' || verdict === 'reseed'
}
