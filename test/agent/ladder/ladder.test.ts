import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitness } from '../../../agent/fitness.ts'
import { judgeRejoin } from '../../../agent/rejoin.ts'
import type { Situation } from '../../../agent/situation.ts'
import { decide } from '../../../agent/transitions.ts'
import type { Gtid } from '../../../lib/mysql/binary-log-gtids.ts'
import { contains, type GtidSet, has, isEmpty, subtract } from '../../../lib/mysql/gtid-set.ts'
import { judgeTail } from '../../../lib/mysql/tail.ts'
import { answering, facts, memory, OWN_UUID, record, situation } from '../situations.ts'
import { acknowledged, anyCrash, type Crash, heldBySuccessor, isProven, logsOf, type Place, setOf } from './crash.ts'

const RUNS = { numRuns: 2000, seed: 1 }
const PATIENT = { timeout: 60_000 }

/** alpha is the dead source, beta the one that was promoted after it. */
function stopped(crash: Crash): Situation {
  const tail = judgeTail(logsOf(crash).logs, heldBySuccessor(crash))
  return situation({ instance: { state: 'stopped' }, tail, ...successor(crash) })
}

const successor = (crash: Crash) => ({
  source: answering('', { executed: heldBySuccessor(crash) }),
  memory: memory({ record: record({ doubted: isProven(crash) ? [] : ['alpha'], gtid: '' }) }),
})

/** What is left in the logs of the dead source when its start is over, and what is gone. */
function afterStart(crash: Crash): { readonly left: readonly Place[]; readonly gone: readonly Place[] } {
  const { places } = logsOf(crash)
  const step = decide('start', stopped(crash)).steps.find(one => one.do === 'cut-tail')
  if (step === undefined) return { left: places, gone: [] }
  const { file, position, laterFiles } = step.cut
  const isGone = (place: Place) =>
    laterFiles.includes(place.file) || (place.file === file && place.position >= position)
  return { left: places.filter(place => !isGone(place)), gone: places.filter(isGone) }
}

const executedBy = (crash: Crash, places: readonly Place[]): GtidSet =>
  setOf(
    crash,
    places.map(({ gtid }) => gtid),
  )
const names = (places: readonly Place[]) => places.map(({ gtid }) => `${gtid.key} ${gtid.number}`)

test('no transaction that may have been acknowledged is cut', PATIENT, () => {
  let cuts = 0
  fc.assert(
    fc.property(anyCrash, crash => {
      const { gone } = afterStart(crash)
      if (gone.length > 0) cuts++
      const safe = new Set(acknowledged(crash).map(({ key, number }) => `${key} ${number}`))
      expect(names(gone).filter(name => safe.has(name))).toEqual([])
    }),
    RUNS,
  )
  expect(cuts).toBeGreaterThan(RUNS.numRuns / 20)
})

test('nothing that the successor holds is cut', PATIENT, () => {
  fc.assert(
    fc.property(anyCrash, crash => {
      const held = heldBySuccessor(crash)
      expect(afterStart(crash).gone.filter(({ gtid }) => has(held, gtid.key, gtid.number))).toEqual([])
    }),
    RUNS,
  )
})

test('a source that crashed once follows its successor, if that was promoted with proof', PATIENT, () => {
  let followers = 0
  fc.assert(
    fc.property(anyCrash, crash => {
      fc.pre(isProven(crash) && !crash.startedSince)
      const { left } = afterStart(crash)
      const executed = executedBy(crash, left)
      const common = crash.replicated > 0 || Math.max(...crash.received) > 0
      fc.pre(common || isEmpty(executed)) // servers with nothing in common are not of one cluster
      expect(contains(heldBySuccessor(crash), executed)).toBe(true)
      expect(verdict(crash, executed, 'quarantine').say).toBe('follow')
      followers++
    }),
    RUNS,
  )
  expect(followers).toBeGreaterThan(RUNS.numRuns / 10)
})

test(
  'it follows only what holds all of it, and is rebuilt only where nothing acknowledged is lost with it',
  PATIENT,
  () => {
    const said = { follow: 0, quarantine: 0, reseed: 0 }
    fc.assert(
      fc.property(anyCrash, fc.constantFrom('quarantine' as const, 'reseed' as const), (crash, policy) => {
        const { left } = afterStart(crash)
        const executed = executedBy(crash, left)
        const held = heldBySuccessor(crash)
        const { say } = verdict(crash, executed, policy)
        if (say === 'follow' || say === 'quarantine' || say === 'reseed') said[say]++
        expect(say === 'follow').toBe(contains(held, executed))
        if (say !== 'reseed') return
        expect(policy).toBe('reseed')
        expect(acknowledged(crash).filter(({ key, number }) => !has(held, key, number))).toEqual([])
      }),
      RUNS,
    )
    expect(Math.min(...Object.values(said))).toBeGreaterThan(RUNS.numRuns / 100)
  },
)

function verdict(crash: Crash, executed: GtidSet, onDiverged: 'quarantine' | 'reseed') {
  const world = situation({ ...successor(crash), onDiverged })
  return judgeRejoin({
    ...world,
    facts: facts({ flavour: crash.flavour, executed }),
    record: record({ doubted: isProven(crash) ? [] : ['alpha'] }),
  })
}

test(
  'what it wrote itself, and an older copy of its data lacks, keeps it from following, being read and being promoted',
  PATIENT,
  () => {
    let aged = 0
    fc.assert(
      fc.property(anyCrash, fc.nat(), (crash, at) => {
        fc.pre(isProven(crash))
        const answered = acknowledged(crash)
        const whole = executedBy(
          crash,
          logsOf(crash).places.filter(({ gtid }) => answered.some(same(gtid))),
        )
        const copy = setOf(crash, answered.slice(0, at % (answered.length + 1)))
        const lacked = subtract(whole, copy)
        fc.pre(lacked.has(crash.flavour === 'mysql' ? OWN_UUID : '0-1'))
        const own = facts({ flavour: crash.flavour, executed: copy })
        expect(verdict(crash, copy, 'quarantine')).toMatchObject({ say: 'quarantine', because: AGED })
        expect(verdict(crash, copy, 'reseed').say).toBe('reseed')
        const world = situation({ ...successor(crash), instance: { state: 'unpromoted', facts: own } })
        expect(fitness(world)).toMatchObject({ score: '-INFINITY', readable: false, degraded: true, because: AGED })
        expect(decide('monitor', world).steps.map(step => step.do)).toEqual(['quarantine'])
        aged++
      }),
      RUNS,
    )
    expect(aged).toBeGreaterThan(RUNS.numRuns / 10)
  },
)

const AGED = expect.stringMatching(/alpha lacks transactions that it wrote itself.*; run heir seed on alpha$/)
const same = (a: Gtid) => (b: Gtid) => a.key === b.key && a.number === b.number
