import { expect, test } from 'vitest'
import { type ClientRole, readiness } from '../../agent/readiness.ts'
import type { Situation } from '../../agent/situation.ts'
import { BLANK } from '../../cib/memory.ts'
import { gtids, held, memory, promoted, record, replication, situation, unpromoted } from './situations.ts'

const managed = (role: ClientRole, change: Partial<Situation>) => readiness(role, situation(change), true)
/** Without Pacemaker nothing is remembered. */
const alone = (role: ClientRole, change: Partial<Situation>) =>
  readiness(role, situation({ memory: BLANK, ...change }), false)
const replica = (change: Partial<Parameters<typeof replication>[0]>) => ({
  instance: unpromoted({ replication: replication(change) }),
})

const source = { instance: promoted(), memory: memory({ record: record({ node: 'alpha' }) }) }
const handedOver = memory({
  record: record({ node: 'alpha' }),
  handover: { epoch: 7, held: held('1-10'), sound: true, boot: 'x' },
})

test.each<[string, ClientRole, Partial<Situation>, boolean, string]>([
  ['the source', 'writable', source, true, 'alpha takes writes'],
  ['the source', 'readable', source, true, 'alpha is the source'],
  ['a replica', 'writable', {}, false, 'alpha takes no writes'],
  ['a replica in step', 'readable', {}, true, 'alpha is in step with the source'],
  ['a replica behind', 'readable', replica({ lagSeconds: 61 }), false, 'alpha trails the source: 61 s behind'],
  [
    'a source that the cluster does not know',
    'writable',
    { instance: promoted() },
    false,
    'mysqld takes writes, but beta is the source since epoch 7',
  ],
  [
    'a source that has handed over',
    'writable',
    { instance: promoted(), memory: handedOver },
    false,
    'mysqld takes writes again after it has handed over in epoch 7',
  ],
  [
    'a node in quarantine',
    'readable',
    { memory: memory({ quarantines: new Map([['alpha', 'it was cut']]) }) },
    false,
    'alpha has transactions of its own: it was cut',
  ],
  [
    'a replica with transactions of its own',
    'readable',
    { instance: unpromoted({ executed: gtids('1-30') }) },
    false,
    'alpha does not follow the source',
  ],
  [
    'a replica that has lost its source',
    'readable',
    replica({ receiver: 'connecting', lagSeconds: undefined, receiverError: 'cannot connect (2003)' }),
    true,
    'alpha has lost sight of the source: cannot connect (2003)',
  ],
  ['a server before the first promotion', 'readable', { memory: BLANK }, false, 'alpha waits for the first source'],
  ['a stopped server', 'readable', { instance: { state: 'stopped' } }, false, 'alpha is stopped'],
  ['a server that hangs', 'writable', { instance: { state: 'failed', because: 'no answer' } }, false, 'no answer'],
])('in a cluster, %s, asked to be %s', (_who, role, change, ready, because) => {
  expect(managed(role, change)).toEqual({ ready, because })
})

test.each<[string, ClientRole, Partial<Situation>, boolean, string]>([
  ['a server that takes writes', 'writable', { instance: promoted() }, true, 'alpha takes writes'],
  ['a server that takes writes', 'readable', { instance: promoted() }, true, 'alpha takes writes'],
  ['a replica', 'writable', {}, false, 'alpha takes no writes'],
  ['a replica in step', 'readable', {}, true, 'alpha replicates: 0 s behind, of 60 s allowed'],
  ['a replica at the limit', 'readable', replica({ lagSeconds: 60 }), true, '60 s behind'],
  ['a replica behind', 'readable', replica({ lagSeconds: 61 }), false, 'alpha trails its source: 61 s behind'],
  ['a replica that does not know its lag', 'readable', replica({ lagSeconds: undefined }), false, 'does not know'],
  ['a server that follows nobody', 'readable', { instance: unpromoted() }, false, 'alpha follows no source'],
  [
    'a replica whose source is gone',
    'readable',
    replica({ receiver: 'connecting', receiverError: 'cannot\n connect (2003)' }),
    false,
    'alpha has lost sight of its source: cannot connect (2003)',
  ],
  [
    'a replica whose applier failed',
    'readable',
    replica({ applierRunning: false, applierError: 'duplicate (1062)' }),
    false,
    'alpha has an applier that is stopped: duplicate (1062)',
  ],
])('without a cluster, %s, asked to be %s', (_who, role, change, ready, because) => {
  const found = alone(role, change)
  expect(found.ready).toBe(ready)
  expect(found.because).toContain(because)
})
