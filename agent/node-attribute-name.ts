import type { Reading } from './parameter-type.ts'

/** Node attributes with a meaning of their own to Pacemaker: setting one would put the node out of service. */
const RESERVED = ['standby', 'maintenance', 'shutdown', 'terminate', 'resource-discovery-enabled', 'site-name']

/** Read the name of a node attribute that is free to use; promotion scores (`master-*`) and failure counts are not. */
export function readNodeAttributeName(text: string): Reading<string> {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,79}$/.test(text)) {
    return { fault: 'is not an attribute name: use up to 80 letters, digits, "_", "-" and ".", a letter first' }
  }
  if (RESERVED.includes(text) || /^(master|fail-count|last-failure)-/.test(text)) {
    return { fault: 'is an attribute of Pacemaker itself: choose another name, such as "readable"' }
  }
  return { value: text }
}
