import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Document, YAMLError } from 'yaml'
import { Failure } from '../../lib/system/failure.ts'
import type { GivenWords } from './configure-options.ts'

/** A description that is larger was not written by a person. */
const MAX_BYTES = 65_536

/**
 * Read the description of a cluster: a YAML file with the words of "heir configure" as its keys. Nodes are a list of names,
 * or names with their addresses; `set` is a map of parameters.
 * Throws Failure `misconfigured`, naming the file and the key, for what cannot be understood.
 */
export async function readConfigureFile(path: string): Promise<GivenWords> {
  const text = await readBounded(path)
  const { parseDocument } = await import('yaml')
  // By this schema a value is what is written: a node 010 or 1.0 keeps its name.
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error', prettyErrors: false })
  const [mistake] = [...document.errors, ...document.warnings]
  if (mistake !== undefined) throw misconfigured(path, problemOf(mistake, text))
  return interpret(path, plain(path, document) || new Map())
}

async function readBounded(path: string): Promise<string> {
  const bytes = await buffer(createReadStream(path, { end: MAX_BYTES })).catch(cause => {
    throw new Failure('misconfigured', `${path} cannot be read: ${cause.code ?? cause}: correct --file`, { cause })
  })
  if (bytes.length > MAX_BYTES) throw misconfigured(path, `it has more than ${MAX_BYTES} bytes: correct --file`)
  return bytes.toString()
}

/** A mistake in the syntax, with its place and in our words where those of the parser are for programmers. */
function problemOf({ code, message, pos: [offset] }: YAMLError, text: string): string {
  const line = text.slice(0, offset).split('\n').length
  return code === 'MULTIPLE_DOCS'
    ? `line ${line} begins another document: leave one in the file`
    : `line ${line} is no YAML: ${message}`
}

/** The values of the document. It may name an anchor that is not there, or name anchors without end. */
function plain(path: string, document: Document): unknown {
  try {
    return document.toJS({ mapAsMap: true }) // which keeps the order of all keys, also of numbers
  } catch (cause) {
    throw misconfigured(path, 'its aliases (*name) cannot be followed: write the values out', cause)
  }
}

/** What the YAML says, as words. `path` names it in sentences. */
export function interpret(path: string, content: unknown): GivenWords {
  if (!isMap(content)) throw misconfigured(path, 'it is no map of names and values: begin with "resource: db"')
  const words = [...content].map(([key, value]) => {
    const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
    if (read === undefined) throw misconfigured(path, strange(key))
    const found = read(value)
    if (typeof found === 'string') throw misconfigured(path, `${key} ${found}`)
    return found
  })
  const address = words.flatMap(found => found.address ?? [])
  return { ...Object.assign({}, ...words), ...(address.length > 0 && { address }) }
}

const strange = (key: string) =>
  ['format', 'node', 'diff', 'apply', 'file'].includes(key)
    ? `${key} belongs to the command line: give --${key} there`
    : `${key} is unknown: use ${Object.keys(KEYS).join(', ')}`

/** The words that a key stands for, or what is wrong with its value: the end of a sentence that begins with the key. */
type Read = (value: unknown) => GivenWords | string

const one =
  (name: keyof GivenWords): Read =>
  value =>
    isText(value) ? { [name]: value } : 'is no single value: write it behind the colon'

const number =
  (name: keyof GivenWords): Read =>
  value =>
    isText(value) && /^\d{1,15}$/.test(value) ? { [name]: Number(value) } : 'is no number: write digits alone'

const flag =
  (name: keyof GivenWords): Read =>
  value =>
    value === 'true' || value === 'false'
      ? { [name]: value === 'true' }
      : 'is neither true nor false: write one of them'

const list =
  (name: keyof GivenWords): Read =>
  value =>
    isTextList(listed(value)) ? { [name]: listed(value) } : 'is neither an address nor a list of them'

const KEYS: Readonly<Record<string, Read>> = {
  topology: one('topology'),
  resource: one('resource'),
  nodes: value => readMachines('nodes', value),
  'writer-vip': one('writerVip'),
  'reader-vip': list('readerVip'),
  nic: one('nic'),
  balanced: flag('balanced'),
  prefer: value =>
    isTextList(listed(value)) ? { prefer: listed(value).join(',') } : 'is neither a node nor a list of them',
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
  if (Array.isArray(value) && isTextList(value)) return { [word]: value.join(',') }
  if (!isMap(value)) return 'is no list of names: write [alpha, beta, gamma], or a map of names and addresses'
  const without = [...value].find(([, address]) => !isText(address))?.[0]
  if (without !== undefined) return `gives ${without} no address: write "${without}: 10.0.0.1"`
  const address = [...value].map(([node, address]) => `${node}=${address}`)
  return { [word]: [...value.keys()].join(','), address }
}

function readParameters(value: unknown): GivenWords | string {
  if (!isMap(value)) return 'is no map of parameters: write "durability: strict" below it'
  const wrong = [...value].find(([, setting]) => !isText(setting))?.[0]
  if (wrong !== undefined) return `gives ${wrong} no single value: write it behind the colon`
  return { set: [...value].map(([name, setting]) => `${name}=${setting}`) }
}

const isMap = (value: unknown): value is ReadonlyMap<string, unknown> =>
  value instanceof Map && [...value.keys()].every(key => typeof key === 'string')

/** A value that is not written at all is an empty text. */
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const isTextList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const misconfigured = (path: string, problem: string, cause?: unknown): Failure =>
  new Failure('misconfigured', `${path}: ${problem}`, { cause })
