import fc from 'fast-check'
import { type Event, happen } from './event.ts'
import { endFaults, rebuildAll, recover, recoverWithLoss } from './heal.ts'
import { badHearing } from './hearings.ts'
import { violation } from './invariants.ts'
import { createWorld, type Setting, type World } from './world.ts'

/** Clusters of three to five nodes of either flavour, whose sources wait for acknowledgements. */
export const anySetting: fc.Arbitrary<Setting> = fc
  .record({
    flavour: fc.constantFrom('mysql' as const, 'mariadb' as const),
    nodes: fc.constantFrom(3, 3, 4, 5),
    synced: fc.constantFrom(true, false, false),
    mode: fc.constantFrom('available' as const, 'strict' as const),
    acks: fc.constantFrom(1, 1, 2, 3),
  })
  .map(({ mode, acks, ...setting }) => ({
    ...setting,
    durability: { mode, acks: setting.flavour === 'mariadb' ? 1 : Math.min(acks, setting.nodes - 1) },
  }))

/** How much of the story a counterexample tells. */
const LINES = 150

/** A world with a source, in which these things happen. Throws in the moment in which a rule does not hold any more. */
export function live(setting: Setting, events: readonly Event[]): World {
  const world = createWorld(setting)
  if (!recover(world)) throw new Error('the cluster does not come up')
  world.trace.length = 0
  for (const [index, event] of events.entries()) {
    happen(world, event)
    expectRules(world, index % OFTEN === 0)
  }
  return world
}

/** The same, and after it all faults have ended. Throws where writes are not acknowledged again. */
export function liveOn(setting: Setting, events: readonly Event[]): void {
  const world = live(setting, events)
  world.trace.push('all faults end')
  endFaults(world)
  recover(world)
  rebuildAll(world)
  if (!recover(world) && !recoverWithLoss(world))
    throw new Error(`nothing is acknowledged any more:\n${tell(world, LINES)}`)
  expectRules(world, true)
}

/** Elections are held after so many events: there are many to be held. */
const OFTEN = 5

function expectRules(world: World, isElecting: boolean): void {
  const broken = violation(world) ?? (isElecting ? badHearing(world) : undefined)
  if (broken !== undefined) throw new Error(`${broken}:\n${tell(world, -LINES)}`)
}

const tell = ({ trace }: World, lines: number) => (lines < 0 ? trace.slice(lines) : trace.slice(0, lines)).join('\n')
