import { seeded } from './seeded.ts'
import type { Fault } from './types.ts'

/** Faults drawn from those given, by the seed alone, as long as it is wanted. None that leaves work for a human. */
export function* drawFaults(faults: readonly Fault[], seed: string, wanted: () => boolean): Generator<Fault> {
  const random = seeded(`${seed}:faults`)
  const drawable = faults.filter(({ leavesQuarantine }) => !leavesQuarantine)
  while (wanted()) {
    const fault = drawable[Math.floor(random() * drawable.length)]
    if (fault === undefined) return
    yield fault
  }
}
