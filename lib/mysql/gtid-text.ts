import type { GtidSet } from './gtid-set.ts'
import { formatMariadbPositions, parseMariadbPositions } from './mariadb-positions.ts'
import { formatMysqlGtidSet, parseMysqlGtidSet } from './mysql-gtid-set.ts'
import type { FlavourName } from './server-facts.ts'

const LONGEST_DESCRIPTION = 200

const PARSE = { mysql: parseMysqlGtidSet, mariadb: parseMariadbPositions } as const satisfies Record<
  FlavourName,
  unknown
>
const FORMAT = { mysql: formatMysqlGtidSet, mariadb: formatMariadbPositions } as const satisfies Record<
  FlavourName,
  unknown
>

/** Read a set in the words of this flavour. Throws Failure `unintelligible` when it is none. */
export function parseGtidSet(flavour: FlavourName, text: string): GtidSet {
  return PARSE[flavour](text)
}

/** Write a set in the words of this flavour; parseGtidSet() reads it back. */
export function formatGtidSet(flavour: FlavourName, set: GtidSet): string {
  return FORMAT[flavour](set)
}

/** The same for a sentence: a set of many parts is cut short. */
export function describeGtidSet(flavour: FlavourName, set: GtidSet): string {
  const text = formatGtidSet(flavour, set)
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION)}…` : text
}
