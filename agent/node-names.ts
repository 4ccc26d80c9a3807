import type { Reading } from './parameter-type.ts'

/** A node by the name that the cluster knows it by, which is that of a host. */
const NODE_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/

/** Whether a text can be the name of a node: a host name, since replicas connect to it. */
export const isNodeName = (text: string): boolean => NODE_NAME.test(text)

/** Read node names with commas between them; no text names none. */
export function readNodeNames(text: string): Reading<readonly string[]> {
  if (text.trim() === '') return { value: [] }
  const names = text.split(',').map(name => name.trim())
  const wrong = names.find(name => !isNodeName(name))
  if (wrong !== undefined) return { fault: `names "${wrong}", which is no host name: write the nodes as alpha,beta` }
  const twin = names.find((name, index) => names.indexOf(name) !== index)
  return twin === undefined ? { value: names } : { fault: `names ${twin} twice: name each node once` }
}
