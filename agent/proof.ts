import type { Held } from '../cib/holdings.ts'
import type { ClusterMemory } from '../cib/memory.ts'
import { isAway, type SourceRecord } from '../cib/source-record.ts'
import { ackersOf, answersNeeded, certifiedAcks, type Durability } from './durability.ts'
import { type Holder, holdsAllOf } from './holder.ts'

/** What a promotion can go by. */
export interface Basis {
  readonly because: string
  readonly needed: Needed
  /** It is proven that nothing is lost; else loss is accepted, or could not be helped. */
  readonly lossless: boolean
  /** An operator has decided that writes may be lost: it holds also by a memory that may be old. */
  readonly accepted: boolean
}

/** On what grounds there may be a successor at the end of an epoch. */
export interface Proof {
  /** The best first: one that nobody can satisfy does not stand in the way of the next. */
  readonly bases: readonly Basis[]
  /** What is missing for a proof by those that answer; undefined where nothing is. */
  readonly missing: string | undefined
}

/** What makes a holder complete: whoever holds everything that each of these holds, and that history, has lost nothing. */
export interface Needed {
  readonly held: readonly Held[]
  /** What there was when the epoch began, in the server's words: an acker that was registered then need not have it. Empty where none counts. */
  readonly history: string
}

interface Question {
  readonly candidate: string
  readonly record: SourceRecord
  readonly memory: ClusterMemory
  readonly durability: Durability
  /** Every instance that has said what it holds, its receiver stopped; the candidate among them. */
  readonly answers: readonly Holder[]
}

/**
 * Find out what a successor must hold. Each acknowledged write is on the source and on `acks` of its ackers. So it is among
 * the answers if the source is, or as soon as fewer than `acks` ackers are missing from them.
 */
export function prove(question: Question): Proof {
  if (isAway(question.record)) return proveAway(question)
  const { candidate, record, memory, durability } = question
  const { handover, acceptedLoss } = memory
  const witnessed = byWitnesses(question)
  const isAccepted = acceptedLoss?.epoch === record.epoch && acceptedLoss.node === candidate
  return {
    bases: [
      ...(handover?.epoch === record.epoch ? [byHandover(handover.held, record)] : []),
      ...(typeof witnessed === 'string' ? [] : [witnessed]),
      ...(isAccepted ? [ACCEPTED] : []),
      ...(durability.mode === 'async' ? [lossy('commits wait for nobody (durability=async)')] : []),
    ],
    missing: typeof witnessed === 'string' ? witnessed : undefined,
  }
}

/**
 * After another site's source: with what that one has said it ended, or else without proof, since its commits did not wait for
 * this site. Whether it may be replaced at all is the ticket's word.
 */
function proveAway({ candidate, record, memory: { handover, acceptedLoss }, answers }: Question): Proof {
  // The record's history is what that source had when this site turned to it, perhaps with the end of one that crashed since.
  const said = handover?.epoch === record.epoch ? byHandover(handover.held, { ...record, gtid: '' }) : undefined
  // Who has more than that has it from a source that was opened again.
  const isLast = said?.needed.held.every(end => answers.every(({ held }) => holdsAllOf(end, held)))
  const ended = said && { ...said, lossless: isLast === true }
  const isAccepted = acceptedLoss?.epoch === record.epoch && acceptedLoss.node === candidate
  return {
    bases: [
      ended ?? lossy(`this site has the ticket, and ${record.node} waited for nobody here`),
      ...(isAccepted ? [ACCEPTED] : []),
    ],
    missing: undefined,
  }
}

/** By what the last source and its ackers answer; or what is missing for it. */
function byWitnesses(question: Question): Basis | string {
  const { record, memory, answers } = question
  const acks = certifiedAcks(record, memory)
  const ackers = ackersOf(record, memory)
  const answering = answers.filter(({ node, sound }) => sound && ackers.includes(node))
  const source = answers.find(({ node }) => node === record.node && !memory.quarantines.has(node))
  if (source?.sound) return proven(`${source.node}, the last source, answers`, [...answering, source], record)
  const enough = answersNeeded(ackers, acks)
  if (acks > 0 && answering.length >= enough) return proven(sentence(answering, ackers, enough), answering, record)
  if (source && acks === 0) return lossy(unsynced(source.node), [source])
  return acks > 0 ? missing(question, answering, ackers, acks, record) : uncertified(record)
}

const byHandover = (held: Held, { node, gtid }: SourceRecord): Basis => ({
  lossless: true,
  accepted: false,
  because: `${node} has said with what it stopped taking writes`,
  needed: { held: [held], history: gtid },
})

const proven = (because: string, holders: readonly Holder[], { gtid }: SourceRecord): Basis => ({
  lossless: true,
  accepted: false,
  because,
  needed: { held: holders.map(({ held }) => held), history: gtid },
})

const lossy = (because: string, holders: readonly Holder[] = []): Basis => ({
  lossless: false,
  accepted: false,
  because,
  needed: { held: holders.map(({ held }) => held), history: '' },
})

const ACCEPTED: Basis = { ...lossy('an operator has accepted the loss'), accepted: true }

/** Nobody else was sure to have what it lost: to wait would bring nothing back. */
const unsynced = (node: string) =>
  `${node} alone had what it acknowledged, and may have lost some of it with its power (sync_binlog, innodb_flush_log_at_trx_commit)`

const uncertified = ({ node }: SourceRecord) =>
  `${node} has acknowledged writes on its own word alone, so only ${node} holds them for certain: bring it back, or accept the loss with "heir promote --accept-loss"`

function sentence(answering: readonly Holder[], ackers: readonly string[], enough: number): string {
  return `${answering.length} of ${ackers.length} ackers answer, ${enough} are enough: ${names(answering)}`
}

/** The inequality |A| > |S| - k in words, with the names in it. Who answers and is not sound is there, and proves nothing. */
function missing(
  { answers }: Question,
  answering: readonly Holder[],
  ackers: readonly string[],
  acks: number,
  record: SourceRecord,
): string {
  const isThere = (node: string) => answers.some(answer => answer.node === node)
  const absent = ackers.filter(node => !isThere(node))
  const unsound = [record.node, ...ackers].filter(node => isThere(node) && !answering.some(one => one.node === node))
  const inequality = `${answering.length} > ${ackers.length} - ${acks} does not hold`
  const whose = `ackers that answer: ${names(answering)}; that do not: ${absent.join(', ') || 'none'}`
  const about = unsound.length > 0 ? `${unsound.join(' and ')} may have lost with its power what it acknowledged; ` : ''
  const awaited = isThere(record.node) ? absent : [record.node, ...absent]
  const remedy = awaited.length > 0 ? `bring ${awaited.join(' or ')} back, or accept` : 'accept'
  return `acknowledged writes may be missing: ${about}${inequality} (${whose}); ${remedy} the loss with "heir promote --accept-loss"`
}

const names = (holders: readonly Holder[]) => holders.map(({ node }) => node).join(', ') || 'none'
