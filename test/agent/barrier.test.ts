import { expect, test } from 'vitest'
import { isSound } from '../../agent/acknowledging.ts'
import { barrierTo } from '../../agent/barrier.ts'
import { fitness } from '../../agent/fitness.ts'
import { SCORE } from '../../agent/score.ts'
import type { Situation } from '../../agent/situation.ts'
import { facts, holdings, memory, replication, situation } from './situations.ts'

const replica = facts({ replication: replication() })
const barrier = (change: Partial<Situation> = {}) => barrierTo(situation(change), replica)
const uncertified = { guarantee: { epoch: 7, acks: 0, synced: true } }
const seen = (...active: string[]) => ({ online: active, unclean: [], active })

test('nothing is against a replica in a certified epoch', () => {
  expect(barrier()).toBeUndefined()
})
test('while the source commits alone nobody else is offered for promotion', () => {
  expect(barrier({ memory: memory(uncertified) })).toMatch(/only beta holds them for certain/)
  expect(barrier({ memory: memory({ ...uncertified, handover: holdings('1-10') }) })).toBeUndefined()
  expect(barrier({ memory: memory(uncertified), durability: { mode: 'async', acks: 1 } })).toBeUndefined()
})
test('a candidate waits for the ackers that could make the proof, and says for whom', () => {
  expect(barrier({ cluster: seen('alpha') })).toMatch(/1 > 2 - 1 does not hold .*bring beta or gamma back/)
  expect(barrier({ cluster: seen('alpha', 'gamma') })).toBeUndefined()
  expect(barrier({ cluster: seen('alpha', 'beta') })).toBeUndefined()
})
test('a former acker that lost power does not count itself', () => {
  const unsynced = facts({ replication: replication(), relayLogSynced: false })
  const rebooted = situation({ boot: 'another', cluster: seen('alpha', 'gamma') })
  expect(isSound(rebooted, unsynced)).toBe(false)
  expect(isSound(rebooted, replica)).toBe(true)
  expect(barrierTo(rebooted, unsynced)).toMatch(/1 > 2 - 1/)
})

test('whoever may not take the place of a source that is away says why, and needs attention; not where it is there', () => {
  const away = { answers: false, because: 'timed out', silent: true } as const
  const seen = (source: Situation['source']) =>
    fitness(situation({ instance: { state: 'unpromoted', facts: replica }, memory: memory(uncertified), source }))
  expect(seen(away)).toMatchObject({ score: SCORE.unfit, degraded: true })
  expect(seen(away).because).toMatch(/accept the loss/)
  expect(seen(undefined).degraded).toBe(false)
})
