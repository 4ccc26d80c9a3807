import { HARMLESS_ERRORS, HEALTHY, NO_NEEDLESS_FENCING, NOTHING_LEFT_OVER, QUARANTINE } from './cluster-checks.ts'
import { type Check, NOTHING_LOST, SAME_DATA } from './data-checks.ts'
import type { Facts } from './facts.ts'
import type { CheckResult } from './types.ts'
import { ONE_ACKNOWLEDGER, ONE_WRITABLE, ONE_WRITER } from './writer-checks.ts'

/** Everything that is checked after a fault, in the order of the report. */
export const CHECKS: readonly Check[] = [
  HEALTHY,
  NOTHING_LOST,
  SAME_DATA,
  QUARANTINE,
  ONE_ACKNOWLEDGER,
  ONE_WRITER,
  ONE_WRITABLE,
  NO_NEEDLESS_FENCING,
  NOTHING_LEFT_OVER,
  HARMLESS_ERRORS,
]

/** Judge what was seen. */
export function runChecks(facts: Facts): CheckResult[] {
  return CHECKS.map(({ name, holds, faults }) => {
    const found = faults(facts)
    return { name, ok: found.length === 0, detail: found.length === 0 ? holds(facts) : found.join('; ') }
  })
}
