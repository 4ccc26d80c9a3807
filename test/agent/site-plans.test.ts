import { expect, test } from 'vitest'
import { away, elected, following, NAME, silent, site, steps } from './sites.ts'
import { answering, gtids, holdings, memory, promoted, record, unpromoted } from './situations.ts'

const CUT = { file: 'binlog.000002', position: 4, headEnd: 4, laterFiles: [], transactions: gtids('21') }

test('whatever is found: nobody opens writes without the ticket, nothing is cut or rebuilt by the word of another site', () => {
  const instances = ['1-10', '1-25'].flatMap(executed => [
    unpromoted({ executed: gtids(executed) }),
    following({ receiver: 'stopped', received: gtids(executed) }),
    following(),
    promoted({ executed: gtids(executed) }),
    { state: 'stopped' } as const,
  ])
  const views = [silent, answering('1-20'), answering('1-20', { writable: false })]
  const records = [undefined, away(), away({ proven: true }), record(), record({ node: 'alpha', host: 'alpha' })]
  const handovers = [undefined, holdings('1-10'), holdings('1-15')]
  const deeds = ['start', 'monitor', 'promote', 'demote', 'post-promote'] as const
  const found = new Set<string>()
  let judged = 0
  for (const instance of instances)
    for (const view of views)
      for (const known of records)
        for (const handover of handovers) {
          const subject = elected({
            ...{ instance, source: view, onDiverged: 'reseed', site: site({ other: view }) },
            tail: { say: 'cut', because: 'nobody acknowledged its end', cut: CUT },
            memory: memory({ record: known, handover, acceptedLoss: { epoch: 7, node: 'alpha' } }),
          })
          const home = known?.node === NAME ? `away, proven ${known.proven}` : 'at home'
          for (const deed of deeds) for (const step of steps(deed, subject)) found.add(`${step}: ${home}`)
          judged += deeds.length
        }
  expect(judged).toBe(instances.length * views.length * records.length * handovers.length * deeds.length)
  const wrong = /^(?:open-writes|publish-source|cut-tail: away|seed: away, proven false)/
  expect([...found].filter(one => wrong.test(one))).toEqual([])
  expect([...found]).toContain('cut-tail: at home') // the model can find what it forbids
  expect([...found]).toContain('seed: away, proven true')
})
