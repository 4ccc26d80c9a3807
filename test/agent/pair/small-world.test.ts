import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createWorld,
  held,
  type Name,
  type Node,
  notificationOf,
  otherOf,
  type World,
  type Write,
} from './small-world.ts'
import { acknowledge, act } from './small-world-steps.ts'

/** How many lives are tried, and which: for a longer search, choose LIVES and SEED. */
const LIVES = Number(process.env['LIVES'] ?? 1000)
const SEED = Number(process.env['SEED'] ?? 1)

const KINDS = [
  'write',
  'write',
  'receive',
  'receive',
  'apply',
  'monitor',
  'monitor',
  'promote',
  'promote',
  'promote both',
  'crash',
  'start',
  'go alone',
  'take over',
] as const

interface Happening {
  readonly kind: (typeof KINDS)[number]
  readonly name: Name
  /** After so many of its steps an action is cut short; mostly it is not. */
  readonly steps: number
}

const anyHappening = fc.record({
  kind: fc.constantFrom(...KINDS),
  name: fc.constantFrom('alpha' as const, 'beta' as const),
  steps: fc.oneof({ weight: 5, arbitrary: fc.constant(99) }, fc.nat(8)),
})

type Happen = (world: World, one: Node, steps: number) => void

const HAPPEN: Readonly<Record<Happening['kind'], Happen>> = {
  write,
  receive,
  apply: (_, one) => {
    if (one.up) one.log.push(...one.relay.splice(0, 1))
  },
  monitor: (world, one, steps) => {
    if (one.up && one.role !== 'stopped') act(world, one, 'monitor', undefined, steps)
  },
  promote: (world, one, steps) => promote(world, [one], steps),
  'promote both': (world, one, steps) => promote(world, [one, otherOf(world, one)], steps),
  crash: (_, one) => crash(one),
  start,
  'go alone': (world, one, steps) => {
    crash(otherOf(world, one))
    for (let n = 0; n < 2; n++) HAPPEN.monitor(world, one, steps)
    write(world, one)
  },
  'take over': (world, one, steps) => {
    crash(otherOf(world, one))
    start(world, one, 99)
    promote(world, [one], steps)
  },
}

const happen = (world: World, { kind, name, steps }: Happening): void => HAPPEN[kind](world, world.nodes[name], steps)

function write(world: World, one: Node): void {
  if (!one.up || !one.writable) return
  const id: Write = `${one.name}:${++one.written}`
  one.log.push(id)
  if (!one.waits) world.acknowledged.add(id)
}

/** The next transaction that the other one has and this one lacks; an acknowledgement lets the commit return. */
function receive(world: World, one: Node): void {
  const other = otherOf(world, one)
  if (!one.up || !other.up || !one.receiver) return
  const next = other.log.find(write => !held(one).includes(write))
  if (next === undefined) return
  one.relay.push(next)
  if (one.acknowledging && next.startsWith(other.name)) acknowledge(world, other)
}

function promote(world: World, candidates: readonly Node[], steps: number): void {
  const able = candidates.filter(({ up, role }) => up && role === 'unpromoted')
  const notification = notificationOf(
    world,
    able.map(({ name }) => name),
  )
  if (able.length === 0) return
  for (const one of Object.values(world.nodes))
    if (one.up && one.role !== 'stopped') act(world, one, 'pre-promote', notification, 99)
  for (const one of able) if (act(world, one, 'promote', notification, steps)) one.role = 'promoted'
  for (const one of Object.values(world.nodes))
    if (one.up && one.role !== 'stopped') act(world, one, 'post-promote', notification, steps)
}

/** Its power is gone; what was on its disk stays. */
function crash(one: Node): void {
  Object.assign(one, {
    ...{ up: false, role: 'stopped', writable: false, receiver: false },
    ...{ acknowledging: false, waits: false },
    holdings: undefined,
  })
}

function start(world: World, one: Node, steps: number): void {
  if (one.up) return
  one.up = true
  one.role = 'unpromoted'
  act(world, one, 'start', notificationOf(world, []), steps)
}

function expectNothingLost(world: World): void {
  const there = new Set(Object.values(world.nodes).flatMap(held))
  for (const write of world.acknowledged) if (!there.has(write)) world.broken ??= `${write} is lost`
}

test('whatever happens to two sources, nobody takes writes without what was acknowledged, and none of it is lost', {
  timeout: LIVES * 40,
}, () => {
  fc.assert(
    fc.property(fc.array(anyHappening, { maxLength: 60 }), happenings => {
      const world = createWorld()
      for (const happening of happenings) {
        happen(world, happening)
        expectNothingLost(world)
        expect(world.broken).toBeUndefined()
      }
    }),
    { numRuns: LIVES, seed: SEED },
  )
})

test('when all faults have ended, both take writes and have those of both', { timeout: LIVES * 40 }, () => {
  fc.assert(
    fc.property(fc.array(anyHappening, { maxLength: 40 }), happenings => {
      const world = createWorld()
      const everybody = (kind: Happening['kind']) => {
        for (const name of ['alpha', 'beta'] as const) happen(world, { kind, name, steps: 99 })
      }
      for (const happening of happenings) happen(world, happening)
      for (let round = 0; round < 6; round++) {
        for (const kind of ['start', 'promote', 'monitor'] as const) everybody(kind)
        for (let n = 0; n < 80; n++) for (const kind of ['receive', 'apply'] as const) everybody(kind)
        everybody('monitor')
      }
      everybody('write')
      for (let n = 0; n < 10; n++) for (const kind of ['receive', 'apply'] as const) everybody(kind)
      const { alpha, beta } = world.nodes
      expect([alpha.role, beta.role, world.broken]).toEqual(['promoted', 'promoted', undefined])
      expect([...alpha.log].sort()).toEqual([...beta.log].sort())
      expect(alpha.log.filter(write => !world.acknowledged.has(write))).toEqual([])
    }),
    { numRuns: LIVES / 10, seed: SEED },
  )
})
