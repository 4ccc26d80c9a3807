import { describe, expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import type { Step } from '../../agent/plan.ts'
import type { Instance, Situation } from '../../agent/situation.ts'
import { type Deed, decide } from '../../agent/transitions.ts'
import { answering, facts, memory, peer, promoted, record, replication, situation, unpromoted } from './situations.ts'

/** What each step does to the instance and the record, as a model: enough to ask what happens when an action is cut short. */
function after(world: Situation, step: Step): Situation {
  const { instance } = world
  const server = 'facts' in instance ? instance.facts : facts()
  const now = (change: Partial<typeof server>): Situation => {
    const next = { ...server, ...change }
    return { ...world, instance: { state: next.writable ? 'promoted' : 'unpromoted', facts: next } }
  }
  switch (step.do) {
    case 'launch-server':
    case 'await-server':
      return now({ writable: false })
    case 'stop-server':
      return { ...world, instance: { state: 'stopped' } }
    case 'stop-receiver':
      return now(server.replication ? { replication: { ...server.replication, receiver: 'stopped' } } : {})
    case 'forget-source':
      return now({ replication: undefined })
    case 'follow':
      return now({ replication: replication({ sourceHost: step.source.host }) })
    case 'open-writes':
      return now({ writable: true })
    case 'close-writes':
      return now({ writable: false })
    case 'publish-source':
      return {
        ...world,
        memory: { ...world.memory, record: record({ epoch: step.epoch, node: world.node, host: world.node }) },
      }
    case 'publish-holdings':
      return { ...world, frozen: true }
    case 'retract-holdings':
      return { ...world, frozen: false }
    default:
      return world
  }
}

const instances: readonly Instance[] = [
  { state: 'stopped' },
  { state: 'starting' },
  { state: 'foreign', because: 'another server' },
  { state: 'failed', because: 'no greeting' },
  { state: 'crowded', lastSeen: undefined },
  unpromoted(),
  unpromoted({ replication: replication() }),
  unpromoted({ replication: replication({ receiver: 'stopped' }) }),
  unpromoted({ replication: replication({ sourceHost: 'delta' }) }),
  promoted(),
]
const records = [undefined, record(), record({ node: 'alpha', host: 'alpha' })]
const ALSO_FINE: Record<string, readonly string[]> = { demote: ['stopped', 'starting', 'foreign'], stop: ['foreign'] }
const RESULT = { start: 'unpromoted', stop: 'stopped', promote: 'promoted', demote: 'unpromoted' } as const

function* worlds(): Generator<Situation> {
  for (const instance of instances)
    for (const known of records)
      yield situation({
        instance,
        memory: memory({ record: known }),
        peers: [peer('gamma', '1-10')],
        source: answering('1-10'),
      })
}

/** Act until the action is over, as run() does; undefined when it is refused. */
function carryOut(deed: Deed, world: Situation): Situation | undefined {
  for (let round = 0; round < 4; round++) {
    const plan = decide(deed, world)
    world = plan.steps.reduce(after, world)
    if (plan.next !== 'look-again') return plan.next === OCF.SUCCESS ? world : undefined
  }
  throw new Error(`${deed} does not settle`)
}

describe.each(['start', 'stop', 'promote', 'demote'] as const)('%s', deed => {
  const accepted = [...worlds()].filter(world => carryOut(deed, world) !== undefined)

  test('leaves the state that it promises', () => {
    expect(accepted.length).toBeGreaterThan(0)
    for (const world of accepted) {
      const states = [RESULT[deed], ...(ALSO_FINE[deed] ?? [])]
      expect(states).toContain(carryOut(deed, world)?.instance.state)
    }
  })
  test('is finished by running it again, wherever it was cut short', () => {
    for (const world of accepted) {
      const plan = decide(deed, world)
      for (let done = 0; done <= plan.steps.length; done++) {
        const interrupted = plan.steps.slice(0, done).reduce(after, world)
        expect(carryOut(deed, interrupted)?.instance.state).toBe(carryOut(deed, world)?.instance.state)
      }
    }
  })
  test('changes nothing the second time', () => {
    for (const world of accepted) {
      const once = carryOut(deed, world)
      if (once) expect(carryOut(deed, once)).toEqual(once)
    }
  })
})

test('only a promotion opens writes, as its last step, behind its record', () => {
  const deeds = ['start', 'stop', 'monitor', 'promote', 'demote', 'pre-promote', 'post-promote'] as const
  let opened = 0
  for (const deed of deeds) {
    for (const world of worlds()) {
      const steps = decide(deed, world).steps.map(step => step.do)
      if (!steps.includes('open-writes')) continue
      opened++
      expect(deed).toBe('promote')
      expect(steps.filter(step => step !== 'forget-source').slice(-2)).toEqual(['publish-source', 'open-writes'])
      expect(steps.indexOf('arm-source')).toBeGreaterThanOrEqual(0)
    }
  }
  expect(opened).toBeGreaterThan(0)
})
test('no relay log is forgotten before it is drained', () => {
  for (const world of worlds()) {
    const steps = decide('promote', world).steps.map(step => step.do)
    const replicates = 'facts' in world.instance && world.instance.facts.replication !== undefined
    if (steps.includes('forget-source') && replicates) expect(steps[0]).toBe('drain-relay-log')
  }
})
test('what is unknown is reported neither as promoted nor as stopped', () => {
  for (const instance of instances) {
    const { next } = decide('monitor', situation({ instance }))
    if (instance.state === 'failed' || instance.state === 'starting' || instance.state === 'crowded') {
      expect([OCF.NOT_RUNNING, OCF.RUNNING_PROMOTED, OCF.SUCCESS]).not.toContain(next)
    }
  }
})
test('a server that takes writes while the cluster names another source closes itself', () => {
  const zombie = decide('monitor', situation({ instance: promoted() }))
  expect(zombie.steps.map(step => step.do)).toEqual(['close-writes', 'disarm-source'])
  expect(zombie.next).toBe(OCF.FAILED_PROMOTED)
})
