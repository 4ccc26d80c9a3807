import { wrap } from './layout.ts'

/** One element of an XML document without text: what the CIB consists of. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
}

/** What stands beside the elements for people. */
export interface Comment {
  readonly comment: readonly string[]
}

/** What an element may hold. */
export type Node = Element | Comment

/** Make an element. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly Node[] = [],
): Element => ({ name, attributes, children })

/** Sentences for people; XML forbids two hyphens in a row in there. */
export const xmlComment = (sentences: readonly string[]): Comment => ({
  comment: sentences.flatMap(wrap).map(line => line.replaceAll('--', '- -')),
})

/** The nodes as text, each line indented by its depth. */
export const xmlText = (nodes: readonly Node[], indent = ''): string =>
  nodes.map(node => ('comment' in node ? commentText(node, indent) : elementText(node, indent))).join('')

function commentText({ comment }: Comment, indent: string): string {
  const [only = '', ...more] = comment
  if (more.length === 0) return `${indent}<!-- ${only} -->\n`
  return `${indent}<!--\n${comment.map(line => `${indent}  ${line}\n`).join('')}${indent}-->\n`
}

function elementText({ name, attributes, children }: Element, indent: string): string {
  const words = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)]
  const opening = `${indent}<${words.join(' ')}`
  if (children.length === 0) return `${opening}/>\n`
  return `${opening}>\n${xmlText(children, `${indent}  `)}${indent}</${name}>\n`
}

const escaped = (text: string): string => text.replaceAll(/[&<>"\n\t]/g, character => ENTITIES[character] ?? character)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
}
