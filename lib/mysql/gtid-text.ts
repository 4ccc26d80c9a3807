import type { GtidSet } from './gtid-set.ts'
import { formatMariadbPositions, parseMariadbPositions } from './mariadb-positions.ts'
import { formatMysqlGtidSet, parseMysqlGtidSet } from './mysql-gtid-set.ts'
import type { FlavourName } from './server-facts.ts'

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
