import fc from 'fast-check'
import type { Gtid } from '../../../lib/mysql/binary-log-gtids.ts'
import { type GtidSet, gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { historyUpTo } from '../../../lib/mysql/mariadb-positions.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'
import type { BinaryLog } from '../../../lib/mysql/tail-reading.ts'
import { BufferBytes } from '../../lib/mysql/binary-log-fixtures.ts'
import { type LogOutline, writeLog } from '../../lib/mysql/written-log.ts'
import { OWN_UUID, UUID } from '../situations.ts'

/**
 * How a source died, and who took over. The successor was the source before it, so that both wrote into the logs of the dead
 * one.
 */
export interface Crash {
  readonly flavour: FlavourName
  /** What the dead source wrote, after what it had replicated. */
  readonly replicated: number
  readonly written: number
  /** So many of these transactions has each replica received; the replicas are the successor and another one. */
  readonly received: readonly [number, number]
  /** It had stopped to wait for acknowledgements: all that it wrote may have been acknowledged. */
  readonly alone: boolean
  /** The successor was promoted with less than the other replica holds, by an operator who accepted that loss. */
  readonly lossAccepted: boolean
  /** After so many transactions of its own the dead source began a new log. */
  readonly rotations: readonly number[]
  /** How much of what is behind the last acknowledged transaction is on disk, in thousandths. */
  readonly onDisk: number
  /** It was started once more before anybody compared its logs. */
  readonly startedSince: boolean
  /** What the successor has written since. */
  readonly since: number
}

export const anyCrash: fc.Arbitrary<Crash> = fc.record({
  flavour: fc.constantFrom('mysql', 'mariadb'),
  replicated: fc.nat(3),
  written: fc.nat(12),
  received: fc.tuple(fc.nat(6), fc.nat(6)),
  alone: fc.constantFrom(false, false, false, true),
  lossAccepted: fc.constantFrom(false, false, false, true),
  rotations: fc.array(fc.nat(8), { maxLength: 2 }),
  onDisk: fc.nat(1000),
  startedSince: fc.constantFrom(false, false, false, true),
  since: fc.nat(3),
})

const KEYS = {
  mysql: { dead: OWN_UUID, successor: UUID },
  mariadb: { dead: '0-1', successor: '0-2' },
} as const

/** MySQL counts each server's own transactions, MariaDB those of the domain. */
function numbered({ flavour, replicated }: Crash, by: 'dead' | 'successor', from: number, count: number): Gtid[] {
  const offset = flavour === 'mariadb' && by === 'dead' ? replicated : 0
  return Array.from({ length: count }, (_, index) => ({ key: KEYS[flavour][by], number: offset + from + index + 1 }))
}

const clamp = ({ written }: Crash, count: number) => Math.min(written, count)

/** Whose clients may have had an answer: what a replica received, and more when nobody waited for one. */
export function acknowledged(crash: Crash): readonly Gtid[] {
  const most = crash.alone ? crash.written : clamp(crash, Math.max(...crash.received))
  return [...numbered(crash, 'successor', 0, crash.replicated), ...numbered(crash, 'dead', 0, most)]
}

/** The promotion is proven where the successor holds all that was acknowledged; heir promotes no other way by itself. */
export const isProven = (crash: Crash): boolean => !crash.alone && !crash.lossAccepted

/** What the successor answers when it is asked what it holds. */
export function heldBySuccessor(crash: Crash): GtidSet {
  const [own, other] = crash.received
  const taken = clamp(crash, isProven(crash) ? Math.max(own, other) : own)
  const last = crash.flavour === 'mariadb' ? crash.replicated + taken : crash.replicated
  const since = numbered(crash, 'successor', last, crash.since)
  const all = [...numbered(crash, 'successor', 0, crash.replicated), ...numbered(crash, 'dead', 0, taken), ...since]
  return setOf(crash, all)
}

/** As the flavour shows it. */
export function setOf({ flavour }: Crash, transactions: readonly Gtid[]): GtidSet {
  const set = gtidSet(transactions.map(({ key, number }) => [key, [number, number]] as const))
  return flavour === 'mariadb' ? historyUpTo(set) : set
}

/** The logs that the dead source left, with the place of each transaction that is in them to its end: the server drops any other. */
export function logsOf(crash: Crash): { readonly logs: readonly BinaryLog[]; readonly places: readonly Place[] } {
  const all = [...numbered(crash, 'successor', 0, crash.replicated), ...numbered(crash, 'dead', 0, crash.written)]
  const bounds = [...new Set([...crash.rotations.map(at => rotation(crash, at)), all.length])].toSorted((a, b) => a - b)
  const outlines = bounds.map((bound, index): LogOutline => {
    const start = bounds[index - 1] ?? 0
    const history = last(all.slice(0, start))
    const inUse = index === bounds.length - 1
    return { flavour: crash.flavour, inUse, startedServer: index === 0, history, transactions: all.slice(start, bound) }
  })
  const written = outlines.map(outline => ({ outline, ...writeLog(outline) }))
  const torn = written.map((log, index) => (index === written.length - 1 ? tear(crash, log) : log))
  const logs = [...torn.map(({ bytes }) => bytes), ...restarted(crash, all)]
  const places = torn.flatMap(({ outline, positions, bytes }, file) =>
    outline.transactions.flatMap((gtid, index) => {
      const position = positions[index] ?? 0
      const end = positions[index + 1] ?? written[file]?.bytes.length ?? 0
      return end <= bytes.length ? [{ gtid, file: nameOf(file), position }] : []
    }),
  )
  return { logs: logs.map((bytes, index) => ({ file: nameOf(index), bytes: new BufferBytes(bytes) })), places }
}

export interface Place {
  readonly gtid: Gtid
  readonly file: string
  readonly position: number
}

const nameOf = (index: number) => `binlog.00000${index + 1}`

/** MySQL rotates its log only when nothing waits, MariaDB at any time. */
function rotation(crash: Crash, at: number): number {
  const answered = crash.alone ? crash.written : Math.max(...crash.received)
  return crash.replicated + clamp(crash, crash.flavour === 'mysql' ? Math.min(at, answered) : at)
}

/** The last transaction of each key. */
function last(transactions: readonly Gtid[]): readonly Gtid[] {
  return [...new Map(transactions.map(gtid => [gtid.key, gtid])).values()]
}

interface Written {
  readonly outline: LogOutline
  readonly bytes: Buffer
  readonly positions: readonly number[]
}

/** What was acknowledged is on disk as a whole; of the rest a part, which may end anywhere. */
function tear(crash: Crash, log: Written): Written {
  const safe = new Set(acknowledged(crash).map(({ key, number }) => `${key} ${number}`))
  const first = log.outline.transactions.findIndex(({ key, number }) => !safe.has(`${key} ${number}`))
  const from = first === -1 ? log.bytes.length : (log.positions[first] ?? 0)
  const end = from + Math.ceil(((log.bytes.length - from) * crash.onDisk) / 1000)
  return { ...log, bytes: log.bytes.subarray(0, crash.startedSince ? log.bytes.length : end) }
}

/** A start commits all that the logs hold, and begins a new one. */
function restarted(crash: Crash, all: readonly Gtid[]): readonly Buffer[] {
  if (!crash.startedSince) return []
  const { flavour } = crash
  return [writeLog({ flavour, inUse: true, startedServer: true, history: last(all), transactions: [] }).bytes]
}
