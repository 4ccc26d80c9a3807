import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { faultNamed } from '../chaos/faults.ts'
import { runSuite } from '../chaos/suite.ts'

/** A selection of the fault suite that fits: what loses writes where the proof or the relay logs are not right. */
test.each([
  { engine: 'mysql-9.7', faults: ['one-way-3'] },
  { engine: 'mariadb-10.11', faults: ['off-all', 'errant'] },
] as const)('$engine passes $faults', async ({ engine, faults }) => {
  const directory = await mkdtemp(join(tmpdir(), 'heir-chaos-'))
  const outcomes = await runSuite({
    kind: { engine },
    faults: faults.map(faultNamed),
    needs: {},
    seed: '1',
    directory,
    name: undefined,
    progress: console.log,
  })
  const red = outcomes.flatMap(({ fault, checks }) =>
    checks.filter(({ ok }) => !ok).map(check => ({ fault, ...check })),
  )
  expect(red, `see ${directory}`).toEqual([])
  expect(outcomes.map(({ fault }) => fault)).toEqual(faults)
  onTestFinished(() => rm(directory, { recursive: true }))
})
