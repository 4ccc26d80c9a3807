import { expect, test } from 'vitest'
import { buckets, judge, longestGap } from './judge.ts'
import type { Attempt } from './write-record.ts'

function acknowledged(id: string, end = 0): Attempt {
  return { id, rows: 1, begin: end - 1, sent: end - 1, end, server: 'alpha', error: undefined }
}

function refused(id: string, end = 0): Attempt {
  return { ...acknowledged(id, end), error: 'ECONNREFUSED' }
}

function judgeOne(attempts: readonly Attempt[], rows: readonly string[]) {
  return judge(attempts, new Map([['alpha', new Set(rows)]]))[0]
}

test('a server that holds exactly what was acknowledged is blameless', () => {
  expect(judgeOne([acknowledged('a:1'), acknowledged('a:2')], ['a:2', 'a:1'])).toEqual({
    server: 'alpha',
    rows: 2,
    missing: [],
    torn: [],
    unacknowledged: [],
    uncommitted: [],
    foreign: [],
  })
})

test('an acknowledged row that is not there is missing', () => {
  expect(judgeOne([acknowledged('a:1'), acknowledged('a:2')], ['a:1'])).toMatchObject({ missing: ['a:2'] })
})

test('a refused row may be there or not', () => {
  expect(judgeOne([refused('a:1'), refused('a:2')], ['a:1'])).toMatchObject({ missing: [], unacknowledged: ['a:1'] })
})

const THREE_ROWS = { ...acknowledged('a:1'), rows: 3 }

test('a transaction is there with all its rows', () => {
  const rows = ['a:1', 'a:2', 'a:3']
  expect(judgeOne([THREE_ROWS], rows)).toMatchObject({ missing: [], torn: [], foreign: [] })
})

test('an acknowledged transaction of which a row is not there is missing and torn', () => {
  expect(judgeOne([THREE_ROWS], ['a:1', 'a:3'])).toMatchObject({ missing: ['a:1'], torn: ['a:1'] })
})

test('half a transaction is torn, though it was refused', () => {
  const attempt = { ...THREE_ROWS, error: 'ECONNRESET' }
  expect(judgeOne([attempt], ['a:2'])).toMatchObject({ missing: [], torn: ['a:1'], unacknowledged: ['a:1'] })
})

test('a transaction whose commit was never sent must not be there', () => {
  const attempt = { ...refused('a:1'), sent: undefined }
  expect(judgeOne([attempt], ['a:1'])).toMatchObject({ missing: [], uncommitted: ['a:1'] })
  expect(judgeOne([attempt], [])).toMatchObject({ uncommitted: [] })
})

test('a row that nobody sent is foreign', () => {
  expect(judgeOne([acknowledged('a:1')], ['a:1', 'b:1'])).toMatchObject({ foreign: ['b:1'], unacknowledged: [] })
})

test('every server is judged by itself', () => {
  const held = new Map([
    ['alpha', new Set(['a:1'])],
    ['beta', new Set<string>()],
  ])
  const verdicts = judge([acknowledged('a:1')], held)
  expect(verdicts.map(({ server, missing }) => [server, missing.length])).toEqual([
    ['alpha', 0],
    ['beta', 1],
  ])
})

const BROKEN = [10, 20, 30, 530, 540, 840, 850].map((end, index) => acknowledged(`a:${index}`, end))

test('the gap of a fault is the longest one from the fault to the next', () => {
  expect(longestGap(BROKEN, 35, 535)).toEqual({ begin: 30, end: 530, over: true })
  expect(longestGap(BROKEN, 541, 900)).toEqual({ begin: 540, end: 840, over: true })
})

test('the gap of the next fault is not that of the one before', () => {
  expect(longestGap(BROKEN, 15, 35)).toEqual({ begin: 10, end: 20, over: true })
})

test('a gap that lasts to the next fault is not over', () => {
  expect(longestGap(BROKEN, 35, 300)).toEqual({ begin: 30, end: 300, over: false })
})

test('the order of the record does not matter to the gap', () => {
  expect(longestGap(BROKEN.toReversed(), 35, 535)).toEqual({ begin: 30, end: 530, over: true })
})

test('refused writes do not end a gap', () => {
  expect(longestGap([...BROKEN, refused('a:9', 200)], 35, 535)).toMatchObject({ begin: 30, end: 530 })
})

test('a gap that nothing ends lasts to the end of the record', () => {
  expect(longestGap([...BROKEN, refused('a:9', 3000)], 860, 4000)).toEqual({ begin: 850, end: 3000, over: false })
})

test('there is no gap where nothing was acknowledged', () => {
  expect(longestGap([refused('a:1', 10)], 0, 100)).toBeUndefined()
  expect(longestGap([], 0, 100)).toBeUndefined()
})

test('writes are counted in spans from the first attempt on, empty spans too', () => {
  const attempts = [acknowledged('a:1', 101), acknowledged('a:2', 150), refused('a:3', 260), acknowledged('a:4', 390)]
  expect(buckets([...attempts, refused('a:5', 500)], 100)).toEqual([
    { begin: 100, writes: 2 },
    { begin: 200, writes: 0 },
    { begin: 300, writes: 1 },
    { begin: 400, writes: 0 },
  ])
})

test('a span that the record does not fill is not counted', () => {
  expect(buckets([acknowledged('a:1', 101), acknowledged('a:2', 220)], 100)).toEqual([{ begin: 100, writes: 1 }])
})

test('an empty record has no spans', () => {
  expect(buckets([], 1000)).toEqual([])
})
