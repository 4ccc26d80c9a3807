import { attributeOf } from './cib-text.ts'

/**
 * Whether this site has a ticket, by the text of the whole CIB: granted, and not in standby, when Pacemaker takes back what
 * depends on it. Pacemaker forgets its tickets when the whole cluster stops.
 */
export function isGranted(ticket: string, cib: string): boolean {
  const states = [...cib.matchAll(/<ticket_state\b[^>]*>/g)].map(([tag]) => tag)
  const state = states.find(tag => attributeOf(tag, 'id') === ticket) ?? ''
  return attributeOf(state, 'granted') === 'true' && attributeOf(state, 'standby') !== 'true'
}
