import { expect, test } from 'vitest'
import { withoutWritesOf } from '../../../agent/holds.ts'
import type { Situation } from '../../../agent/situation.ts'
import { notification, OWN_UUID, promoted, record, semiSync, UUID } from '../situations.ts'
import { beside, beta, both, closed, cold, other, plan, reign, server, steps, writes } from './pairs.ts'

const RELAXED = { semiSync: semiSync({ sourceEnabled: false }) }

test('a crashed instance is started as it is: the end of its log is its own, and the other one fetches it', () => {
  const tail = { say: 'nothing' } as const
  expect(steps('start', both({ instance: { state: 'stopped' }, tail }))).toEqual(['launch-server'])
})

test('it follows the other one where that takes writes, and else waits', () => {
  const seen = (promotedNodes: readonly string[]): Situation =>
    closed(
      { notification: notification({ promoted: promotedNodes }), source: beta('1-8', '1-12') },
      {},
      { receiver: 'stopped' },
    )
  expect(steps('start', seen(['beta']))).toContain('follow')
  expect(steps('start', seen([]))).toEqual([])
})

test('demoted, it waits for the other one to have its writes, and its applier for nothing any more', () => {
  expect(steps('demote', both({ notification: beside() }))).toEqual(['close-writes', 'await-replica', 'relax-source'])
})

test('stopped, it leaves behind what it holds, with nothing coming in meanwhile', () => {
  const still = ['stop-receiver', 'drain-relay-log', 'publish-handover', 'release-applier', 'stop-server']
  expect(steps('stop', closed({}, RELAXED))).toEqual(still)
  expect(steps('stop', both())).toEqual([
    'close-writes',
    'stop-receiver',
    'publish-handover',
    'disarm-source',
    'stop-server',
  ])
})

test('before a promotion both say what they hold, at the end of their own epoch', () => {
  for (const seen of [both(), closed()]) expect(steps('pre-promote', seen)).toEqual(['publish-holdings'])
  const closedBoth = closed({ notification: cold })
  expect(plan('pre-promote', closedBoth).steps).toEqual([{ do: 'publish-holdings', epoch: 3 }])
})

test('what goes on being written is left out of that: Pacemaker would never come to the promotion', () => {
  const joining = closed({ notification: beside() })
  expect(plan('pre-promote', joining).steps).toEqual([{ do: 'publish-holdings', epoch: 3, without: [UUID] }])
  const joined = both({ notification: beside({ promoted: ['alpha'], unpromoted: ['beta'], promoting: ['beta'] }) })
  expect(plan('pre-promote', joined).steps).toEqual([{ do: 'publish-holdings', epoch: 3, without: [OWN_UUID] }])
  const all = { by: 'gtid', flavour: 'mysql', set: writes('1-5', '1-7') } as const
  expect(withoutWritesOf([UUID], all)).toEqual({ ...all, set: writes('1-5', '') })
})

test('after a restart of its server it first finds out what it had received', () => {
  const restarted = closed({}, {}, { receiver: 'stopped', applierRunning: false })
  expect(steps('pre-promote', restarted)).toEqual(['drain-relay-log', 'publish-holdings'])
  const failing = closed({}, {}, { receiver: 'stopped', applierRunning: false, applierError: 'duplicate (1062)' })
  expect(steps('pre-promote', failing)).toEqual(['publish-holdings'])
})

test('after the promotion of the other one it acknowledges what that one registered it for', () => {
  const after = { source: beta('1-10', '1-10'), pair: other({ record: record({ epoch: 8 }) }) }
  expect(steps('post-promote', both(after))).toContain('register-acker')
  const moved = { ...after, instance: promoted(server({ writable: true }, { receiver: 'stopped' })) }
  expect(steps('post-promote', both(moved))).toContain('follow')
  expect(steps('post-promote', both(moved))).not.toContain('disarm-source')
})

test('nobody opens writes but promote, and nothing comes after it', () => {
  const deeds = ['start', 'stop', 'monitor', 'demote', 'pre-promote', 'post-promote'] as const
  const seen = [
    both(),
    closed(),
    closed({ source: beta('1-10', '1-12') }, {}, { receiver: 'stopped' }),
    both({ memory: reign() }),
  ]
  expect(deeds.flatMap(deed => seen.flatMap(one => steps(deed, one)))).not.toContain('open-writes')
})
