import { expect, test } from 'vitest'
import { type Neighbour, planSeed, type SeedSurvey } from '../../agent/seed-plan.ts'
import { parseGtidSet } from '../../lib/mysql/gtid-text.ts'
import { RECORD } from '../../packaging/readme-examples.ts'

const KIND = {
  flavour: 'mariadb',
  version: '10.11.6',
  machine: 'x86_64',
  pageSize: 16384,
  systemTablespace: 'ibdata1:12M:autoextend',
} as const
const gtids = (text: string) => parseGtidSet('mariadb', text)

type View = Extract<Neighbour['view'], { answers: true }>

function neighbour(node: string, change: Partial<Omit<Neighbour, 'view'>> = {}, view: Partial<View> = {}): Neighbour {
  const kind = { ...KIND, clonePlugin: false, mayClone: false, gtid: true }
  const rest = { serverUuid: undefined, writable: change.isSource ?? false, executed: gtids('0-1-100') }
  const serverId = node === 'alpha' ? 1 : 2
  return {
    ...{ node, isSource: false, quarantine: undefined },
    view: { answers: true, kind, serverId, ...rest, ...view },
    ...change,
  }
}

const ALPHA = neighbour('alpha', { isSource: true })
const BETA = neighbour('beta')
const SILENT = { answers: false, because: 'connection refused' } as const

const survey = (change: Partial<SeedSurvey> = {}): SeedSurvey => ({
  ...{ node: 'gamma', kind: KIND, serverId: 3, record: { ...RECORD, node: 'alpha' }, present: { what: 'nothing' } },
  ...{ promoted: false, inStep: false, elsewhere: [], neighbours: [ALPHA, BETA] },
  ...change,
})
const plan = (change: Partial<SeedSurvey>, wish: Partial<Parameters<typeof planSeed>[1]> = {}) =>
  planSeed(survey(change), { discard: false, ...wish })
const refusal = (words: string) => ({ say: 'refuse', because: expect.stringContaining(words) })
const from = (donor: string) => ({ say: 'seed', donor, method: 'backup', source: 'alpha' })

test('an empty node takes the data of a replica, and of the source where there is none', () => {
  expect(plan({})).toEqual(from('beta'))
  expect(plan({ neighbours: [ALPHA] })).toEqual(from('alpha'))
  expect(plan({ neighbours: [ALPHA, { ...BETA, view: SILENT }] })).toEqual(from('alpha'))
  expect(plan({ neighbours: [ALPHA, { ...BETA, quarantine: 'it differs' }] })).toEqual(from('alpha'))
})

test('the one that is asked for gives the data, or it is said why not', () => {
  expect(plan({}, { from: 'alpha' })).toEqual(from('alpha'))
  expect(plan({}, { from: 'delta' })).toEqual(refusal('no instance runs on delta: choose one of alpha, beta'))
  expect(plan({ neighbours: [ALPHA, { ...BETA, quarantine: 'it differs' }] }, { from: 'beta' })).toEqual(
    refusal('beta is in quarantine: it differs'),
  )
  expect(plan({ neighbours: [ALPHA, { ...BETA, view: SILENT }] }, { from: 'beta' })).toEqual(
    refusal('beta does not answer: connection refused'),
  )
})

test('at a site that follows another one a replica gives the data; the other site gives them by a connection alone', () => {
  const record = { ...RECORD, node: '10.1.0.100:3306', host: '10.1.0.100' }
  const across = neighbour('10.1.0.100', { isSource: true })
  expect(plan({ record, neighbours: [across, BETA] })).toEqual({ ...from('beta'), source: '10.1.0.100' })
  expect(plan({ record, neighbours: [across] })).toEqual(refusal('10.1.0.100 is at another site, whose agent'))
  const kind = { ...KIND, flavour: 'mysql', version: '9.7.0', systemTablespace: 'ibdata1' } as const
  const mysql = neighbour(
    '10.1.0.100',
    { isSource: true },
    {
      kind: { ...kind, clonePlugin: true, mayClone: true, gtid: true },
    },
  )
  expect(plan({ record, kind, neighbours: [mysql] })).toMatchObject({
    say: 'seed',
    donor: '10.1.0.100',
    method: 'clone',
  })
})

test('where one donor does not fit, the next one is taken', () => {
  const other = neighbour(
    'beta',
    {},
    { kind: { ...KIND, version: '11.8.1', clonePlugin: false, mayClone: false, gtid: true } },
  )
  expect(plan({ neighbours: [ALPHA, other] })).toEqual(from('alpha'))
})

test('data that the source has may go, and what it lacks only by word', () => {
  expect(plan({ present: { what: 'data', held: gtids('0-1-90') } })).toEqual(from('beta'))
  const errant = { present: { what: 'data', held: gtids('0-1-90,0-3-7') } } as const
  expect(plan(errant)).toEqual(refusal('gamma holds transactions that alpha lacks: 0-3-7'))
  expect(plan(errant, { discard: true })).toEqual(from('beta'))
  const unknown = { present: { what: 'unknown', because: 'no index' } } as const
  expect(plan(unknown)).toEqual(refusal('(no index): add --discard'))
  expect(plan(unknown, { discard: true })).toEqual(from('beta'))
})

test('a replica in step is left alone', () => {
  const inStep = { inStep: true, present: { what: 'data', held: gtids('0-1-90') } } as const
  const nothing = { say: 'nothing', because: expect.stringContaining('gamma follows alpha already') }
  expect(plan(inStep)).toEqual(nothing)
  expect(plan(inStep, { discard: true, automatic: true })).toEqual(nothing)
  expect(plan(inStep, { discard: true })).toEqual(from('beta'))
})

test('without a source that takes writes nobody is seeded, whatever is said', () => {
  for (const discard of [false, true]) {
    expect(plan({ neighbours: [BETA] }, { discard })).toEqual(refusal('alpha is not promoted'))
    expect(plan({ neighbours: [{ ...ALPHA, view: SILENT }, BETA] }, { discard })).toEqual(refusal('connection refused'))
    expect(plan({ record: undefined, neighbours: [BETA] }, { discard })).toEqual(refusal('has had no source yet'))
    expect(plan({ promoted: true }, { discard })).toEqual(refusal('gamma takes writes'))
  }
})

test('nothing is given up by policy on a node that was not heard at a promotion without proof', () => {
  const record = { ...RECORD, node: 'alpha', doubted: ['gamma'] }
  expect(plan({ record }, { discard: true, automatic: true })).toEqual(refusal('gamma was not heard'))
  expect(plan({ record }, { discard: true })).toEqual(from('beta'))
})

test('two servers with one server_id, and data in other places, are named', () => {
  expect(plan({ serverId: 2 })).toEqual(refusal('server_id is 2 on gamma as on beta'))
  expect(plan({ elsewhere: ['/undo'] })).toEqual(refusal('in /undo'))
})

test('a seed that was interrupted begins anew, or only ends', () => {
  const left = { what: 'seed', intact: false, donor: 'beta' } as const
  expect(plan({ present: { ...left, phase: 'receiving' } })).toEqual(from('beta'))
  for (const phase of ['removing', 'moving'] as const) {
    expect(plan({ present: { ...left, phase }, neighbours: [] })).toEqual({ say: 'finish', donor: 'beta' })
  }
})
