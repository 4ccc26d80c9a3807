import { type Address, parseAddress } from '../../cib/snippets/address.ts'
import { duplicate, settingsComplaint } from './settings.ts'

export const FORMATS = ['crm', 'pcs', 'cib-xml', 'my.cnf', 'sql'] as const
export const TOPOLOGIES = ['single-primary'] as const

/** The words of the command line, not checked yet. */
export interface ConfigureArguments {
  readonly topology: string
  readonly resource: string
  /** Node names with commas between them. */
  readonly nodes: string
  readonly writerVip: string | undefined
  readonly readerVip: readonly string[]
  readonly nic: string | undefined
  readonly format: string
  readonly engine: string | undefined
  readonly node: string | undefined
  /** `parameter=value`, once for each. */
  readonly set: readonly string[]
}

/** What is wrong with the words, in one sentence with the remedy; undefined when they make sense. */
export function complaint(words: ConfigureArguments): string | undefined {
  for (const check of CHECKS) {
    const sentence = check(words)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

export const nodesOf = ({ nodes }: ConfigureArguments): readonly string[] => nodes.split(',').map(node => node.trim())

/** All addresses, the one for writers first. A text that is no address is left out: complaint() names it. */
export const addressesOf = (words: ConfigureArguments): readonly Address[] =>
  addressTexts(words).flatMap(text => parseAddress(text) ?? [])

type Check = (words: ConfigureArguments) => string | undefined

const CHECKS: readonly Check[] = [
  ({ topology }) =>
    unless(isOneOf(topology, TOPOLOGIES), `topology ${topology} is unknown: use ${TOPOLOGIES.join(' or ')}`),
  ({ format }) => unless(isOneOf(format, FORMATS), `format ${format} is unknown: use ${FORMATS.join(', ')}`),
  ({ resource }) =>
    unless(
      /^(?=.{1,41}$)[A-Za-z_]\w*(-\w+)*$/.test(resource),
      `resource ${resource} is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first`,
    ),
  words => {
    const wrong = nodesOf(words).find(node => !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(node))
    return wrong === undefined ? undefined : `node "${wrong}" is no host name: list the nodes as a,b,c`
  },
  words => {
    const twin = duplicate(nodesOf(words))
    return twin === undefined ? undefined : `node ${twin} is listed twice: name each node once`
  },
  ({ set }) => settingsComplaint(set),
  words => {
    const wrong = addressTexts(words).find(text => parseAddress(text) === undefined)
    return wrong === undefined
      ? undefined
      : `address ${wrong} is not an IP address with a prefix: write it as 10.0.0.100/24`
  },
  words => {
    const twin = duplicate(addressesOf(words).map(({ ip }) => ip))
    return twin === undefined ? undefined : `address ${twin} is given twice: use each address once`
  },
  ({ nic }) =>
    unless(
      nic === undefined || /^[^\s/:]{1,15}$/.test(nic),
      `nic ${nic} is no name of a network interface: use one that "ip link" lists`,
    ),
]

const addressTexts = ({ writerVip, readerVip }: ConfigureArguments) => [
  ...(writerVip === undefined ? [] : [writerVip]),
  ...readerVip,
]

const unless = (good: boolean, sentence: string) => (good ? undefined : sentence)

export const isOneOf = <Word extends string>(word: string, words: readonly Word[]): word is Word =>
  words.some(known => known === word)
