import fc from 'fast-check'
import { test } from 'vitest'
import { anyEvents } from './world/event.ts'
import { anySetting, live, liveOn } from './world/life.ts'

/** How many lives are tried; each shows a few hundred moments. */
const LIVES = Number(process.env['LIVES'] ?? 500)

/** Which lives. A change of the program must not meet another choice by chance: for a longer search, choose LIVES and SEED. */
const SEED = Number(process.env['SEED'] ?? 1)

const check = (numRuns: number, most: number, trial: (...life: Parameters<typeof live>) => unknown) =>
  fc.assert(
    fc.property(anySetting, anyEvents(most), (setting, events) => void trial(setting, events)),
    { numRuns, seed: SEED },
  )

test('whatever happens, no acknowledged write is lost', { timeout: LIVES * 400 }, () => {
  check(LIVES, 150, live)
})

test('when all faults have ended, writes are acknowledged again', { timeout: LIVES * 400 }, () => {
  check(LIVES / 4, 80, liveOn)
})
