import { readFile } from 'node:fs/promises'
import { Failure } from '../../lib/system/failure.ts'
import type { GivenWords } from './configure-options.ts'

/**
 * Read the description of a cluster: a YAML file with the words of "heir configure" as its keys. Nodes are a list of names,
 * or names with their addresses; `set` is a map of parameters.
 * Throws Failure `misconfigured`, naming the file and the key, for what cannot be understood.
 */
export async function readConfigureFile(path: string): Promise<GivenWords> {
  const text = await readFile(path, 'utf8').catch(cause => {
    throw new Failure('misconfigured', `${path} cannot be read: ${cause.code ?? cause}: correct --file`, { cause })
  })
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  const [mistake] = [...document.errors, ...document.warnings]
  if (mistake !== undefined) throw new Failure('misconfigured', `${path}: ${mistake.message.split('\n', 1)[0]}`)
  return interpret(path, document.toJS() ?? {})
}

/** What the YAML says, as words. `path` names it in sentences. */
export function interpret(path: string, content: unknown): GivenWords {
  if (!isMap(content)) throw misconfigured(path, 'it is no map of names and values: begin with "resource: db"')
  const words = Object.entries(content).map(([key, value]) => {
    const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
    if (read === undefined) throw misconfigured(path, `${key} is unknown: use ${Object.keys(KEYS).join(', ')}`)
    const found = read(value)
    if (typeof found === 'string') throw misconfigured(path, `${key} ${found}`)
    return found
  })
  const address = words.flatMap(found => found.address ?? [])
  return { ...Object.assign({}, ...words), ...(address.length > 0 && { address }) }
}

/** The words that a key stands for, or what is wrong with its value: the end of a sentence that begins with the key. */
type Read = (value: unknown) => GivenWords | string

const one =
  (name: keyof GivenWords): Read =>
  value =>
    isScalar(value) ? { [name]: String(value) } : 'is no single value: write it behind the colon'

const number =
  (name: keyof GivenWords): Read =>
  value =>
    typeof value === 'number' ? { [name]: value } : 'is no number: write digits alone'

const flag =
  (name: keyof GivenWords): Read =>
  value =>
    typeof value === 'boolean' ? { [name]: value } : 'is neither true nor false: write one of them'

const list =
  (name: keyof GivenWords): Read =>
  value =>
    isScalarList(listed(value)) ? { [name]: listed(value).map(String) } : 'is neither an address nor a list of them'

const KEYS: Readonly<Record<string, Read>> = {
  topology: one('topology'),
  resource: one('resource'),
  nodes: value => readMachines('nodes', value),
  'writer-vip': one('writerVip'),
  'reader-vip': list('readerVip'),
  nic: one('nic'),
  balanced: flag('balanced'),
  prefer: value =>
    isScalarList(listed(value)) ? { prefer: listed(value).join(',') } : 'is neither a node nor a list of them',
  failback: flag('failback'),
  lvs: one('lvs'),
  balancers: value => readMachines('balancers', value),
  'check-port': number('checkPort'),
  'router-id': number('routerId'),
  'booth-vip': one('boothVip'),
  'booth-site': list('boothSite'),
  arbitrator: list('arbitrator'),
  'first-server-id': number('firstServerId'),
  engine: one('engine'),
  set: readParameters,
  credentials: one('credentials'),
}

function readMachines(word: 'nodes' | 'balancers', value: unknown): GivenWords | string {
  if (Array.isArray(value) && isScalarList(value)) return { [word]: value.join(',') }
  if (!isMap(value)) return 'is no list of names: write [alpha, beta, gamma], or a map of names and addresses'
  const without = Object.entries(value).find(([, address]) => !isScalar(address))?.[0]
  if (without !== undefined) return `gives ${without} no address: write "${without}: 10.0.0.1"`
  const address = Object.entries(value).map(([node, address]) => `${node}=${address}`)
  return { [word]: Object.keys(value).join(','), address }
}

function readParameters(value: unknown): GivenWords | string {
  if (!isMap(value)) return 'is no map of parameters: write "durability: strict" below it'
  const wrong = Object.entries(value).find(([, setting]) => !isScalar(setting))?.[0]
  if (wrong !== undefined) return `gives ${wrong} no single value: write it behind the colon`
  return { set: Object.entries(value).map(([name, setting]) => `${name}=${setting}`) }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

const isScalarList = (value: readonly unknown[]): value is readonly (string | number | boolean)[] =>
  value.every(isScalar)

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const misconfigured = (path: string, problem: string): Failure => new Failure('misconfigured', `${path}: ${problem}`)
