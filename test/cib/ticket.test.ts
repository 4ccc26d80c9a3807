import { expect, test } from 'vitest'
import { isBooths, isGranted } from '../../cib/ticket.ts'

const cib = (state: string) => `<cib><status><tickets>
<ticket_state id="other" granted="true"/>${state}</tickets></status></cib>`

test.each([
  ['<ticket_state id="db-site" owner="1" granted="true" last-granted="1795300000"/>', true],
  ['<ticket_state id="db-site" granted="true" standby="false"/>', true],
  ['<ticket_state id="db-site" granted="true" standby="true"/>', false],
  ['<ticket_state id="db-site" granted="false" last-granted="1795300000"/>', false],
  ['<ticket_state id="db-site-2" granted="true"/>', false],
  ['', false],
])('%s: %s', (state, granted) => {
  expect(isGranted('db-site', cib(state))).toBe(granted)
})

test("a ticket is booth's where booth has written its state", () => {
  const state =
    '<ticket_state id="db-site" owner="1" expires="1795300000" term="1" booth-cfg-name="booth" granted="true"/>'
  expect(isBooths('db-site', cib(state))).toBe(true)
  expect(isBooths('other', cib(state))).toBe(false)
  expect(isBooths('db-site', cib('<ticket_state id="db-site" granted="true"/>'))).toBe(false)
  expect(isBooths('db-site', cib(''))).toBe(false)
})
