import type { Held } from '../cib/holdings.ts'
import { compare, type Standing } from '../lib/mysql/gtid-set.ts'
import type { Coordinates } from '../lib/mysql/server-facts.ts'

/** An instance and what it holds. */
export interface Holder {
  readonly node: string
  readonly held: Held
  /** Whether all is there that it ever acknowledged. */
  readonly sound: boolean
}

/** How a stands to b; undefined when the two cannot be compared. */
export function standing(a: Held, b: Held): Standing | undefined {
  if (a.by === 'gtid' && b.by === 'gtid' && a.flavour === b.flavour) return compare(a.set, b.set)
  if (a.by === 'coordinates' && b.by === 'coordinates') return compareCoordinates(a.readTo, b.readTo)
  return undefined
}

/** Whether a holds everything that b holds. */
export function holdsAllOf(a: Held, b: Held): boolean {
  const stands = standing(a, b)
  return stands === 'equal' || stands === 'ahead'
}

/**
 * How two places in the binary log of one server stand to each other; undefined when the base names of the files differ.
 * The number after the last dot orders the files ("binlog.000009" before "binlog.1000000").
 */
export function compareCoordinates(a: Coordinates, b: Coordinates): Standing | undefined {
  const [aBase, aNumber] = splitLogName(a.file)
  const [bBase, bNumber] = splitLogName(b.file)
  if (aBase !== bBase) return undefined
  const difference = aNumber - bNumber || a.position - b.position
  return difference === 0 ? 'equal' : difference > 0 ? 'ahead' : 'behind'
}

function splitLogName(file: string): readonly [base: string, number: number] {
  const dot = file.lastIndexOf('.')
  return [file.slice(0, dot), Number(file.slice(dot + 1))]
}
