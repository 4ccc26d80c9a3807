import type { GtidSet } from '../lib/mysql/gtid-set.ts'
import { formatGtidSet, parseGtidSet } from '../lib/mysql/gtid-text.ts'
import type { Coordinates, FlavourName } from '../lib/mysql/server-facts.ts'
import { Failure } from '../lib/system/failure.ts'
import { coordinates, formatWords, parseWords, type WordReader, wholeNumber } from './words.ts'

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
  /** Whether it is certain that all is here that this instance ever acknowledged: not after a power loss that its relay log may not have survived. */
  readonly sound: boolean
  /** Which boot of its machine this is. */
  readonly boot: string
  /**
   * It leaves out what those wrote that go on taking writes: that grows by the second, and whoever needs it asks them. What
   * changes with each notification may keep Pacemaker from ever coming to the promotion: a node that joins makes it forget
   * that the attribute is private (seen with 3.0.3), and it plans anew with every change.
   */
  readonly partial?: true
}

/** The holdings as one line of text for the private attribute. */
export function formatHoldings({ epoch, held, sound, boot, partial }: Holdings): string {
  const common = { epoch, boot, sound: sound ? 'yes' : 'no', ...(partial && { partial: 'yes' }) }
  return held.by === 'gtid'
    ? formatWords({ ...common, by: held.flavour, gtid: formatGtidSet(held.flavour, held.set) })
    : formatWords({ ...common, by: 'coordinates', log: held.readTo.file, pos: held.readTo.position })
}

/** Throws Failure `unintelligible` for a text of another form. */
export function parseHoldings(text: string): Holdings {
  const word = parseWords('holdings', text)
  const epoch = wholeNumber('holdings epoch', word('epoch'))
  const partial = word.has('partial') ? ({ partial: true } as const) : {}
  return { epoch, boot: word('boot'), sound: word('sound') === 'yes', held: parseHeld(word), ...partial }
}

function parseHeld(word: WordReader): Held {
  const by = word('by')
  if (by === 'mysql' || by === 'mariadb') return { by: 'gtid', flavour: by, set: parseGtidSet(by, word('gtid')) }
  if (by === 'coordinates') return { by, readTo: coordinates('holdings', word('log'), word('pos')) }
  throw new Failure('unintelligible', `holdings: "${by}" is neither mysql, mariadb nor coordinates`)
}
