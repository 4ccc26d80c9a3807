import { type Element, element } from './xml.ts'

/** An element and those around it, from the outermost one that was searched on. */
export interface Found {
  readonly element: Element
  readonly path: readonly Element[]
}

/** The elements right below another one, of one name. */
export const childrenOf = (parent: Element | undefined, name: string): readonly Element[] =>
  (parent?.children ?? []).flatMap(child => ('name' in child && child.name === name ? [child] : []))

/** The first element, however deep, that a test holds for. */
export function find(root: Element, isIt: (element: Element) => boolean): Found | undefined {
  for (const child of root.children) {
    if ('comment' in child) continue
    if (isIt(child)) return { element: child, path: [] }
    const deeper = find(child, isIt)
    if (deeper !== undefined) return { ...deeper, path: [child, ...deeper.path] }
  }
  return undefined
}

/** A part of the CIB that names what is around it by its ids alone: what cibadmin needs to change that part and no other. */
export const within = (path: readonly Element[], inner: Element): Element =>
  path.reduceRight(
    (child, { name, attributes: { id } }) => element(name, id === undefined ? {} : { id }, [child]),
    inner,
  )

/** The same parts in one tree: elements with the same name and id become one. */
export function merged(elements: readonly Element[]): readonly Element[] {
  const groups = new Map<string, Element>()
  for (const one of elements) {
    const key = `${one.name} ${one.attributes['id'] ?? ''}`
    const before = groups.get(key)
    const children = [...(before?.children ?? []), ...one.children].filter(child => 'name' in child)
    groups.set(key, element(one.name, { ...before?.attributes, ...one.attributes }, merged(children)))
  }
  return [...groups.values()]
}

/** What a tool may write and another leave out, since it is what Pacemaker takes anyway. */
const DEFAULTS: readonly string[] = ['boolean-op=and', 'rsc-role=Started']

/**
 * What an element says, as a text that is the same for whatever says the same: ids within it, the order, and defaults are left
 * out.
 */
export function meaning({ name, attributes, children }: Element, isOutermost = true): string {
  const words = Object.entries(attributes)
    .filter(([key]) => isOutermost || key !== 'id')
    .map(([key, value]) => `${key}=${value}`)
    .filter(word => !DEFAULTS.includes(word))
  const inner = children.flatMap(child => ('name' in child ? [meaning(child, false)] : []))
  return `${name}[${words.toSorted().join(' ')}](${inner.toSorted().join(',')})`
}
