import { Failure } from '../system/failure.ts'

const SHOWN_CHARACTERS = 60

/** The Failure for a GTID text that cannot be understood; shows the offending part, shortened. */
export function unintelligible(problem: string, part: string): Failure {
  const shown = part.length > SHOWN_CHARACTERS ? `${part.slice(0, SHOWN_CHARACTERS)}…` : part
  return new Failure('unintelligible', `${problem}: ${JSON.stringify(shown)}`)
}

/**
 * The number that decimal digits stand for. Throws Failure `unintelligible` above 2^53 - 1, where numbers lose their last
 * digits; a server that writes a million transactions a second gets there after 285 years.
 */
export function wholeNumber(digits: string): number {
  const value = Number(digits)
  if (!Number.isSafeInteger(value)) throw unintelligible('A transaction number is too large', digits)
  return value
}
