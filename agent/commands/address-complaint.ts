import { isLoopback, isMachineAddress, parseAddress } from '../../cib/snippets/address.ts'

/** The addresses that clients are to use, as they were written. */
export interface AddressWords {
  readonly texts: readonly string[]
  /** They belong to balancers, which may sit in the machines of the clients. */
  readonly balanced: boolean
}

/** What is wrong with them, in one sentence with the remedy; undefined when they make sense. */
export function addressComplaint({ texts, balanced }: AddressWords): string | undefined {
  for (const text of texts) {
    const address = parseAddress(text)
    if (address === undefined) return `address "${text}" is not an IP address with a prefix: write it as 10.0.0.100/24`
    if (!isMachineAddress(address))
      return `address ${text} cannot be that of one machine: use a free one of the network of the nodes`
    if (isLoopback(address.ip) && !balanced)
      return `address ${text} is reached from its own machine alone: use a free one of the network of the nodes`
  }
  return undefined
}
