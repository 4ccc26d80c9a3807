import { expect, test } from 'vitest'
import { BLANK, parseMemory } from '../../cib/memory.ts'

const cib = (...pairs: readonly (readonly [name: string, value: string])[]) =>
  `<cib><configuration><crm_config><cluster_property_set id="heir">${pairs
    .map(([name, value]) => `<nvpair id="heir-${name}" name="${name}" value="${value}"/>`)
    .join('')}</cluster_property_set></crm_config></configuration></cib>`

test('a cluster without anything of ours remembers nothing', () => {
  expect(parseMemory('db', '<cib/>')).toEqual(BLANK)
})
test('what the cluster remembers is read by the name of the resource', () => {
  const text = cib(
    ['db-guarantee', 'epoch=7 acks=0 synced=yes'],
    ['db-accepted-loss', 'epoch=7 node=alpha'],
    ['db-acker-node-2.example', 'epoch=7 boot=5d2c1f0a at=5'],
    ['other-guarantee', 'epoch=9 acks=1'],
    ['other-acker-node1', 'epoch=9 boot=5d2c1f0a at=5'],
  )
  expect(parseMemory('db', text)).toEqual({
    ...BLANK,
    guarantee: { epoch: 7, acks: 0, synced: true },
    acceptedLoss: { epoch: 7, node: 'alpha' },
    registrations: new Map([['node-2.example', { epoch: 7, boot: '5d2c1f0a', at: 5 }]]),
  })
})
test.each([
  ['db-guarantee', 'acks=1', /the word epoch= is missing/],
  ['db-acker-node1', 'epoch=x boot=1 at=1', /registration epoch: "x" is not a whole number/],
  ['db-accepted-loss', 'yes', /"yes" is not a key=value word/],
])('%s = %j is refused with its fault', (name, value, fault) => {
  expect(() => parseMemory('db', cib([name, value]))).toThrow(fault)
})
