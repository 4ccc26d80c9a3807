import type { Deadline } from '../lib/system/deadline.ts'
import { readCib } from './cib-text.ts'

/** A resource of this agent as it is configured. */
export interface ConfiguredResource {
  readonly name: string
  /** The texts of its parameters, by name. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Every resource of this agent in the CIB. Throws Failure `rejected` where Pacemaker does not answer. */
export async function readResources(deadline: Deadline): Promise<readonly ConfiguredResource[]> {
  return parseResources(await readCib(deadline))
}

/**
 * The same from the CIB's text. Where a resource has several sets of parameters, or takes some from a template, the first
 * value counts; rules that choose between sets are not weighed.
 */
export async function parseResources(cib: string): Promise<readonly ConfiguredResource[]> {
  const { XMLParser } = await import('fast-xml-parser')
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false })
  const elements = [...elementsIn(parser.parse(cib))]
  const templates = elements.filter(({ kind }) => kind === 'template')
  return elements.flatMap(({ kind, content }) => {
    const template = templates.find(one => one.content['id'] === content['template'])?.content
    if (kind !== 'primitive' || !isOurs({ ...template, ...content })) return []
    const pairs = [content, template].flatMap(pairsOf)
    return [{ name: String(content['id']), parameters: new Map(pairs.toReversed()) }]
  })
}

type Content = Readonly<Record<string, unknown>>
interface Element {
  readonly kind: string
  readonly content: Content
}

const isOurs = (content: Content) =>
  content['class'] === 'ocf' && content['provider'] === 'heir' && content['type'] === 'mysql'

/** The parameters among an element's children, and no others: those of an operation stand deeper. */
function pairsOf(content: Content | undefined): readonly (readonly [string, string])[] {
  return childrenOf(content, 'instance_attributes').flatMap(set =>
    childrenOf(set, 'nvpair').map(({ name, value }) => [String(name), String(value ?? '')] as const),
  )
}

/** Every primitive and template, however deep in groups and clones it stands. */
function* elementsIn(parent: unknown): Generator<Element> {
  if (!isContent(parent)) return
  for (const kind of Object.keys(parent)) {
    for (const content of childrenOf(parent, kind)) {
      if (kind === 'primitive' || kind === 'template') yield { kind, content }
      else yield* elementsIn(content)
    }
  }
}

const isContent = (value: unknown): value is Content => typeof value === 'object' && value !== null

function childrenOf(content: Content | undefined, kind: string): readonly Content[] {
  const children = content?.[kind]
  return (Array.isArray(children) ? children : [children]).filter(isContent)
}
