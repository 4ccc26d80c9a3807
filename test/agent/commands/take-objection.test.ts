import { expect, test } from 'vitest'
import type { SiteLook } from '../../../agent/commands/site-look.ts'
import { takeObjection } from '../../../agent/commands/take-objection.ts'
import type { InstanceView } from '../../../agent/situation.ts'
import { answering, memory, record } from '../situations.ts'

const PLACE = { host: '10.1.0.100', port: 3306, ticket: 'db-site' }
const SILENT: InstanceView = { answers: false, because: 'no route to 10.1.0.100', silent: true }
const OWN = record({ node: 'alpha' })
const AWAY = record({ node: '10.1.0.100:3306' })
const wish = (change = {}) => ({ holding: undefined, acceptLoss: false, prepare: false, ...change })
const look = (known: typeof OWN | undefined, change: Partial<SiteLook> = {}): SiteLook => ({
  memory: memory({ record: known }),
  granted: false,
  booths: false,
  promoted: undefined,
  active: ['alpha', 'beta'],
  ...change,
})

test('a site does not take its role back while the other one is silent: that one may have taken writes', () => {
  const refusal = /does not answer, and may have taken writes since alpha was the source: .* add --accept-loss/
  expect(takeObjection(wish(), look(OWN), PLACE, SILENT)).toMatch(refusal)
  expect(takeObjection(wish({ holding: '0-1-7' }), look(OWN), PLACE, SILENT)).toMatch(/leave it out/)
})

test('it takes it back when a person has looked, or the other one answers and takes no writes', () => {
  expect(takeObjection(wish({ acceptLoss: true }), look(OWN), PLACE, SILENT)).toBeUndefined()
  expect(takeObjection(wish(), look(OWN), PLACE, answering('1-20', { writable: false }))).toBeUndefined()
})

test('no word helps while the other one takes writes', () => {
  for (const known of [OWN, AWAY, undefined]) {
    const refusal = takeObjection(wish({ acceptLoss: true }), look(known), PLACE, answering('1-20'))
    expect(refusal).toMatch(/10.1.0.100:3306 takes writes: run "heir site --give" there first/)
  }
})

test('a site that follows the other one needs to know with what that one ended, or that it is gone', () => {
  expect(takeObjection(wish(), look(AWAY), PLACE, SILENT)).toMatch(/nothing shows what 10.1.0.100:3306 ended with/)
  expect(takeObjection(wish({ prepare: true }), look(AWAY), PLACE, SILENT)).toMatch(/nothing shows what/)
  expect(takeObjection(wish({ holding: '0-1-7' }), look(AWAY), PLACE, SILENT)).toBeUndefined()
  expect(takeObjection(wish({ acceptLoss: true }), look(AWAY), PLACE, SILENT)).toBeUndefined()
})

test('the first source of all has no rival', () => {
  expect(takeObjection(wish(), look(undefined), PLACE, SILENT)).toBeUndefined()
})

test('nobody grants a ticket beside booth, which knows whether the other site has it', () => {
  for (const known of [OWN, AWAY, undefined]) {
    const refusal = takeObjection(wish({ acceptLoss: true }), look(known, { booths: true }), PLACE, SILENT)
    expect(refusal).toMatch(/booth grants the ticket db-site: run "heir site --prepare"/)
  }
  expect(takeObjection(wish({ prepare: true }), look(OWN, { booths: true }), PLACE, SILENT)).toBeUndefined()
})
