import type { GtidSet } from '../lib/mysql/gtid-set.ts'
import { formatGtidSet, parseGtidSet } from '../lib/mysql/gtid-text.ts'
import type { Coordinates, FlavourName } from '../lib/mysql/server-facts.ts'
import { Failure } from '../lib/system/failure.ts'
import { coordinates, formatWords, parseWords, wholeNumber } from './words.ts'

/**
 * What an instance holds: executed or received. By GTID where servers have them; else how far it got in the
 * coordinates of the source of that epoch, which can be compared only among replicas of the same source.
 */
export type Held =
  | { readonly by: 'gtid'; readonly flavour: FlavourName; readonly set: GtidSet }
  | { readonly by: 'coordinates'; readonly readTo: Coordinates }

/** What one instance holds at an election, published on pre-promote with the receiver stopped. */
export interface Holdings {
  /** The epoch whose end it describes: that of the record when it was published. Of another epoch it is void. */
  readonly epoch: number
  readonly held: Held
}

/** The holdings as one line of text for the private attribute. */
export function formatHoldings({ epoch, held }: Holdings): string {
  return held.by === 'gtid'
    ? formatWords({ epoch, by: held.flavour, gtid: formatGtidSet(held.flavour, held.set) })
    : formatWords({ epoch, by: 'coordinates', log: held.readTo.file, pos: held.readTo.position })
}

/** Throws Failure `unintelligible` for a text of another form. */
export function parseHoldings(text: string): Holdings {
  const word = parseWords('holdings', text)
  const epoch = wholeNumber('holdings epoch', word('epoch'))
  const by = word('by')
  if (by === 'mysql' || by === 'mariadb')
    return { epoch, held: { by: 'gtid', flavour: by, set: parseGtidSet(by, word('gtid')) } }
  if (by === 'coordinates') {
    return { epoch, held: { by, readTo: coordinates('holdings', word('log'), word('pos')) } }
  }
  throw new Failure('unintelligible', `holdings: "${by}" is neither mysql, mariadb nor coordinates`)
}
