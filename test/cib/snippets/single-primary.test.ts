import { expect, test } from 'vitest'
import type { Configuration, Constraint } from '../../../cib/snippets/configuration.ts'
import { singlePrimary } from '../../../cib/snippets/single-primary.ts'

const configuration = (readers: number, nodes = ['a', 'b', 'c']): Configuration =>
  singlePrimary({
    resource: 'db',
    nodes,
    members: nodes,
    parameters: [],
    operations: [],
    writer: { ip: '10.0.0.100', prefix: 24 },
    readers: Array.from({ length: readers }, (_, index) => ({ ip: `10.0.1.${index + 1}`, prefix: 24 })),
    nic: undefined,
    readerAttribute: 'readable',
    ticket: undefined,
  })

const concerning = ({ constraints }: Configuration, id: string) =>
  constraints.filter(item => item.kind !== 'order' && item.resource === id)

const finiteScore = (item: Constraint) => ('score' in item && typeof item.score === 'number' ? item.score : 0)

test('the writer address goes where writes are open, and only after they are', () => {
  const { constraints } = configuration(0)
  expect(constraints).toContainEqual(
    expect.objectContaining({
      kind: 'colocation',
      resource: 'db-writer',
      with: 'db-clone',
      role: 'Promoted',
      score: 'INFINITY',
    }),
  )
  expect(constraints).toContainEqual(
    expect.objectContaining({
      kind: 'order',
      first: { action: 'promote', resource: 'db-clone' },
      second: { action: 'start', resource: 'db-writer' },
    }),
  )
})

test('reader addresses neither depend on the promoted instance nor on an order', () => {
  const { constraints } = configuration(3)
  const bindings = constraints.filter(item => !('score' in item) || item.score === 'INFINITY')
  expect(bindings.map(({ id }) => id)).toEqual([
    'db-writer-with-promoted',
    'db-writer-after-promote',
    'db-writer-until-demote',
  ])
})

test('with all aversions together a reader address still may run on the primary', () => {
  const readers = 50
  const sum = concerning(configuration(readers), `db-reader-${readers}`).map(finiteScore)
  expect(sum.reduce((total, score) => total + score)).toBeGreaterThanOrEqual(0)
})

test('each pair of reader addresses keeps apart once', () => {
  const ids = configuration(3).constraints.map(({ id }) => id)
  expect(ids.filter(id => id.includes('apart'))).toEqual([
    'db-reader-2-apart-from-db-reader-1',
    'db-reader-3-apart-from-db-reader-1',
    'db-reader-3-apart-from-db-reader-2',
  ])
})

test('a reader address prefers sharing a replica to the primary, and an empty replica to staying', () => {
  const scores = new Map(concerning(configuration(2), 'db-reader-2').map(item => [item.id, finiteScore(item)]))
  const primary = scores.get('db-reader-2-off-the-primary') ?? 0
  const neighbour = scores.get('db-reader-2-apart-from-db-reader-1') ?? 0
  const staying = configuration(2)
    .resources.at(-1)
    ?.meta.find(({ name }) => name === 'resource-stickiness')
  expect(primary).toBeLessThan(neighbour)
  expect(-neighbour).toBeGreaterThan(Number(staying?.value))
})

test('there is an instance for each node', () => {
  const [database] = configuration(0, ['a', 'b']).resources
  expect(database?.promotable?.meta).toContainEqual(expect.objectContaining({ name: 'clone-max', value: '2' }))
})

test('an even number of nodes gets a warning of equal halves', () => {
  expect(configuration(0, ['a', 'b']).notes.join()).toContain('two equal halves')
  expect(configuration(0, ['a', 'b', 'c']).notes.join()).not.toContain('two equal halves')
})

test('of two nodes that fence each other the one with the promoted instance is in front', () => {
  const priority = ({ resources: [database] }: Configuration) => database?.meta.find(({ name }) => name === 'priority')
  const delay = ({ properties }: Configuration) =>
    properties.find(({ name }) => name === 'priority-fencing-delay')?.value
  const [pair, three] = [configuration(0, ['a', 'b']), configuration(0)]
  expect([priority(pair)?.value, delay(pair)]).toEqual(['1', '10s'])
  expect([priority(three), delay(three)]).toEqual([undefined, undefined])
})

test('every id is used once', () => {
  const { resources, constraints } = configuration(4)
  const ids = [
    ...resources.flatMap(({ id, promotable }) => [id, promotable?.id ?? []].flat()),
    ...constraints.map(({ id }) => id),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})
