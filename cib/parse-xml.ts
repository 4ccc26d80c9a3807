import { type Element, element } from './snippets/xml.ts'

/** One element as the parser has it: its name with its children, and its attributes beside it under ":@". */
type Parsed = Readonly<Record<string, unknown>>

/** The root element of an XML document, comments and text left out. Loads a parser that commands alone can afford. */
export async function parseXml(text: string): Promise<Element | undefined> {
  const { XMLParser } = await import('fast-xml-parser')
  const options = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false }
  return elementsIn(new XMLParser({ ...options, ignoreDeclaration: true }).parse(text))[0]
}

const elementsIn = (parsed: unknown): readonly Element[] =>
  Array.isArray(parsed) ? parsed.flatMap((one: Parsed) => elementOf(one)) : []

function elementOf(parsed: Parsed): readonly Element[] {
  const name = Object.keys(parsed).find(key => key !== ':@' && !key.startsWith('#'))
  if (name === undefined) return []
  const attributes = Object.entries(parsed[':@'] ?? {}).map(([key, value]) => [key, String(value)])
  return [element(name, Object.fromEntries(attributes), elementsIn(parsed[name]))]
}
