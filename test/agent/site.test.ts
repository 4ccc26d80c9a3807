import { describe, expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import type { Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import { formatSourceRecord, parseSourceRecord } from '../../cib/source-record.ts'
import { AWAY, away, elected, following, former, NAME, passive, silent, site, steps } from './sites.ts'
import {
  answering,
  gtids,
  holdings,
  memory,
  peer,
  promoted,
  record,
  semiSync,
  situation,
  UUID,
  unpromoted,
} from './situations.ts'

test('a record of another site survives its text', () => {
  expect(parseSourceRecord(formatSourceRecord(away()))).toEqual(away())
})

describe('an instance without the ticket', () => {
  test('makes its site follow the other one, as soon as that takes writes', () => {
    const [step] = decide('monitor', former()).steps
    expect(step).toMatchObject({
      do: 'publish-away',
      record: { ...AWAY, node: NAME, epoch: 8, acks: 0, proven: false },
    })
    expect(decide('monitor', former()).because).toMatch(/alpha and its site follow 10.1.0.100:3306 from now on/)
    expect(steps('monitor', former({ memory: memory({ record: undefined }) }))).toEqual(['publish-away'])
  })
  test('waits while the other one does not take writes, or this one has the ticket, or a source of its own, or no GTIDs', () => {
    expect(steps('monitor', former({ site: site({ other: silent }) }))).toEqual([])
    expect(steps('monitor', former({ site: site({ other: answering('1-20', { writable: false }) }) }))).toEqual([])
    expect(steps('monitor', former({ site: site({ granted: true }) }))).toEqual([])
    expect(steps('monitor', former({ byGtid: false }))).toEqual([])
    expect(steps('monitor', situation({ site: site(), source: answering('1-20') }))).not.toContain('publish-away')
  })
  test('calls the take-over proven only where the other one has all that this site ended with', () => {
    const ended = (intervals: string) =>
      former({
        memory: memory({
          record: record({ node: 'alpha', host: 'alpha' }),
          handover: holdings(intervals),
        }),
      })
    expect(decide('monitor', ended('1-20')).steps).toMatchObject([{ record: { proven: true } }])
    expect(decide('monitor', ended('1-21')).steps).toMatchObject([{ record: { proven: false } }])
  })
  test('follows the other site once it is on record, without acknowledging', () => {
    const stray = { instance: unpromoted(), source: answering('1-20') }
    const FOLLOW = ['disarm-source', 'disarm-replica', 'retract-holdings', 'follow']
    for (const deed of ['monitor', 'start', 'post-promote'] as const)
      expect(steps(deed, passive(stray))).toEqual(FOLLOW)
    expect(steps('monitor', passive({ source: answering('1-20') }))).toEqual([])
  })
  test('goes into quarantine with what the other site lacks, and is not rebuilt', () => {
    const ahead = {
      instance: unpromoted({ executed: gtids('1-21') }),
      source: answering('1-20'),
      onDiverged: 'reseed',
    } as const
    const plan = decide('monitor', passive(ahead))
    expect(plan.because).toMatch(/alpha holds transactions that 10.1.0.100:3306 lacks: .*:21/)
    expect(plan.steps.map(step => step.do)).toEqual(['quarantine'])
  })
  test('complains where its site has lost sight of the other one', () => {
    const lost = passive({ source: silent, instance: following({ receiver: 'connecting' }) })
    expect(decide('monitor', lost).next).toBe(OCF.DEGRADED)
  })
  test('is not promoted, also where the ticket came twice', () => {
    expect(decide('promote', elected({ site: site() })).because).toMatch(/does not have the ticket db-site/)
    const twice = decide('promote', elected({ site: site({ granted: true }) }))
    expect(twice).toMatchObject({ steps: [], because: expect.stringMatching(/10.1.0.100:3306 takes writes/) })
  })
})

describe('the ticket comes', () => {
  const publication = (subject: Situation) =>
    decide('promote', subject).steps.find(step => step.do === 'publish-source')
  test('the candidate takes along what the others hold, and says that nothing is proven', () => {
    const behind = elected({
      instance: following({ receiver: 'stopped', received: gtids('1-8') }),
      peers: [peer('beta', '1-12')],
    })
    expect(steps('promote', behind)).toContain('catch-up-from')
    expect(publication(behind)).toMatchObject({ epoch: 8, proven: false })
  })
  test('with the word of the other site, what it ended with is there: proven', () => {
    const ended = elected({ memory: memory({ record: away(), handover: holdings('1-10') }) })
    expect(publication(ended)).toMatchObject({ epoch: 8, proven: true })
    const lostSince = memory({ record: away({ gtid: `${UUID}:1-12` }), handover: holdings('1-10') })
    expect(publication(elected({ memory: lostSince }))).toMatchObject({ epoch: 8, proven: true })
  })
  test('the word of the other site proves nothing where somebody here has more: it was opened again', () => {
    const since = elected({
      memory: memory({ record: away(), handover: holdings('1-10') }),
      peers: [peer('beta', '1-12'), peer('gamma', '1-9')],
    })
    expect(publication(since)).toMatchObject({ epoch: 8, proven: false })
  })
  test('what the other site ended with, and nobody here holds, stops the promotion until the loss is accepted', () => {
    const lacking = memory({ record: away(), handover: holdings('1-15') })
    expect(steps('promote', elected({ memory: lacking }))).toEqual([])
    const accepted = { ...lacking, acceptedLoss: { epoch: 7, node: 'alpha' } }
    expect(publication(elected({ memory: accepted }))).toMatchObject({ proven: false })
  })
})

describe('the ticket goes', () => {
  const source = (change: Partial<Situation> = {}) =>
    situation({
      instance: promoted({ semiSync: semiSync({ replicaEnabled: false, sourceEnabled: true }) }),
      memory: memory({ record: record({ node: 'alpha', host: 'alpha' }) }),
      site: site({ other: silent }),
      ...change,
    })
  test('the source ends, waits for those that follow it, and leaves behind with what it ended', () => {
    expect(steps('demote', source())).toEqual(['close-writes', 'await-replica', 'await-followers', 'publish-handover'])
    expect(steps('demote', source({ site: site({ granted: true }) }))).toEqual(['close-writes', 'await-replica'])
    expect(steps('demote', source({ site: undefined }))).toEqual(['close-writes', 'await-replica'])
  })
  test('a demotion that was cut short leaves that behind when it is done again, once', () => {
    expect(steps('demote', former())).toEqual(['publish-handover'])
    const done = memory({ record: record({ node: 'alpha', host: 'alpha' }), handover: holdings('1-10') })
    expect(steps('demote', former({ memory: done }))).toEqual([])
  })
  test('one that may have lost the end with its power hands over nothing', () => {
    const lost = memory({ record: record({ node: 'alpha', host: 'alpha', boot: 'another', synced: false }) })
    expect(steps('demote', former({ memory: lost }))).toEqual([])
  })
})
