/** Every lab has this network to itself: it exists only inside the lab's own namespaces. */
const PREFIX = '10.77.0'

/** Where clients find the writer. */
export const WRITER_VIP = `${PREFIX}.100`

/** Where clients find the writer of a second site. */
export const OTHER_WRITER_VIP = `${PREFIX}.110`

/** Where clients find a reader, as many as wanted. */
export const READER_VIPS = [`${PREFIX}.101`, `${PREFIX}.102`] as const

/** Where booth is reached at each of two sites. */
export const BOOTH_VIPS = [`${PREFIX}.200`, `${PREFIX}.210`] as const

export const CLIENT_ADDRESS = `${PREFIX}.254`

export const PREFIX_LENGTH = 24

/** The machine that has a vote and no data. */
export const ARBITER = 'arbiter'

/** Virtual machines that balance. */
export const BALANCERS = ['lb1', 'lb2'] as const

/** The numbers of those that have none in their names. */
const NUMBERS: Readonly<Record<string, number>> = { [ARBITER]: 99, lb1: 200, lb2: 201 }

/** The nodes' names, in the order of their numbers: node1 and so on. */
export function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node${index + 1}`)
}

/** The number in a node's name: corosync's node id, the server's id and the last part of the address. */
export function nodeNumber(node: string): number {
  return NUMBERS[node] ?? Number(node.replace('node', ''))
}

export function nodeAddress(node: string): string {
  return `${PREFIX}.${nodeNumber(node)}`
}
