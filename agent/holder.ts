import type { Held } from '../cib/holdings.ts'
import { compareCoordinates } from '../lib/mysql/coordinates.ts'
import { compare, type Standing } from '../lib/mysql/gtid-set.ts'

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
