import { parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'
import type { BinaryLog } from '../../../lib/mysql/tail-reading.ts'
import { BufferBytes, executedAfter, fixture } from './binary-log-fixtures.ts'

const IN_USE_POSITION = 4 + 17

/** A log that was closed in good order, up to this position. */
export const log = (flavour: FlavourName, file: string, end?: number): BinaryLog => ({
  file: `/data/${file}`,
  bytes: new BufferBytes(fixture(flavour, file).subarray(0, end)),
})

/** The log as a crash leaves it, at this position. */
export function crashed(flavour: FlavourName, file: string, end?: number): BinaryLog {
  const bytes = Buffer.from(fixture(flavour, file).subarray(0, end))
  bytes.writeUInt8(1, IN_USE_POSITION)
  return { file: `/data/${file}`, bytes: new BufferBytes(bytes) }
}

/** What the server had executed at the end of this log. */
export const executed = (flavour: FlavourName, file: string) => parseGtidSet(flavour, executedAfter(flavour, file))
