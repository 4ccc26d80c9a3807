/** What one transaction of the write client is made of. */
export interface TransactionShape {
  /** Its rows in the table `writes`. */
  readonly rows: number
  /** The size of the value that it puts in the place of the last one of its writer; 0 for none. */
  readonly payloadBytes: number
  /** How long it stays open, its rows written, before it commits. Milliseconds. */
  readonly idleMs: number
}

/** How a writer behaves: what its n-th transaction is made of, and how its pace is to that of the others. */
export interface WriteHabit {
  readonly shape: (n: number) => TransactionShape
  /** So many times the interval of an ordinary writer lies between two of its transactions. */
  readonly slowness: number
}

const ROW: TransactionShape = { rows: 1, payloadBytes: 0, idleMs: 0 }
const MEGABYTE = 2 ** 20

/** One row after another, each committed by itself. */
export const SINGLE_ROWS: WriteHabit = { shape: () => ROW, slowness: 1 }

/** Every third transaction has 2 to 20 rows. */
const SEVERAL_ROWS: WriteHabit = {
  shape: n => (n % 3 === 0 ? { ...ROW, rows: 2 + (n % 19) } : ROW),
  slowness: 1,
}

/** Values of 1 to 4 MB, with a few rows. */
const LARGE_VALUES: WriteHabit = {
  shape: n => ({ rows: 3, payloadBytes: (1 + (n % 4)) * MEGABYTE, idleMs: 0 }),
  slowness: 80,
}

/** Sessions that leave a transaction open for 1 to 6 seconds. */
const IDLE_IN_TRANSACTION: WriteHabit = {
  shape: n => ({ rows: 2, payloadBytes: 0, idleMs: 1000 * (1 + (n % 6)) }),
  slowness: 1,
}

/** The habit of a writer of a mixed load: of each eight, one writes large values and one idles in its transactions. */
export function mixedHabit(writer: number): WriteHabit {
  return [LARGE_VALUES, IDLE_IN_TRANSACTION][writer % 8] ?? SEVERAL_ROWS
}
