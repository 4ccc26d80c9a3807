import { attributeOf } from './cib-text.ts'

/**
 * Whether this site has a ticket, by the text of the whole CIB: granted, and not in standby, when Pacemaker takes back what
 * depends on it. Pacemaker forgets its tickets when the whole cluster stops.
 */
export function isGranted(ticket: string, cib: string): boolean {
  const state = stateOf(ticket, cib)
  return attributeOf(state, 'granted') === 'true' && attributeOf(state, 'standby') !== 'true'
}

/** Whether booth has written the state of a ticket here: it grants the ticket then, and nobody beside it. */
export const isBooths = (ticket: string, cib: string): boolean =>
  attributeOf(stateOf(ticket, cib), 'booth-cfg-name') !== undefined

/** The tag of a ticket; empty where Pacemaker has never heard of it. */
function stateOf(ticket: string, cib: string): string {
  const states = [...cib.matchAll(/<ticket_state\b[^>]*>/g)].map(([tag]) => tag)
  return states.find(tag => attributeOf(tag, 'id') === ticket) ?? ''
}
