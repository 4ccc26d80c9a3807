import { expect, test } from 'vitest'
import { isGranted } from '../../cib/ticket.ts'

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
