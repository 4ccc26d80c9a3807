import type { Configuration, Operation, Resource, Setting } from './configuration.ts'
import { operation, pair } from './layout.ts'
import { BOOTSTRAP, cibElements, nvpair, operationElement } from './render-xml.ts'
import { type Element, element, xmlText } from './xml.ts'
import { childrenOf, type Found, find, meaning, within } from './xml-search.ts'

/** One difference between what the CIB has and what it should have. */
export interface Change {
  /** What goes, with "- " before it, and what comes, with "+ ". */
  readonly lines: readonly string[]
  /** A part of <configuration> to be merged into it, */
  readonly modify?: Element
  /** or a constraint to be put in the place of the one with its id. */
  readonly replace?: Element
}

/** What must change in a CIB, or why it cannot be changed into this. What it has beside this stays as it is. */
export function changesTo(cib: Element, wanted: Configuration): readonly Change[] | { readonly refusal: string } {
  const configuration = childrenOf(cib, 'configuration')[0] ?? element('configuration', {})
  const resources = childrenOf(configuration, 'resources')[0] ?? element('resources', {})
  const refusal = wanted.resources.map(one => conflict(resources, one)).find(sentence => sentence !== undefined)
  if (refusal !== undefined) return { refusal }
  return [
    ...propertyChanges(configuration, wanted.properties),
    ...wanted.resources.flatMap((one, index) => resourceChanges(resources, one, cibElements(wanted).resources[index])),
    ...cibElements(wanted).constraints.flatMap(one => constraintChange(configuration, one)),
  ]
}

const isCalled = (name: string, id: string) => (one: Element) => one.name === name && one.attributes['id'] === id

/** Something else that has the name of one of our resources. */
function conflict(resources: Element, { id, agent, promotable }: Resource): string | undefined {
  const found = find(resources, one => one.attributes['id'] === id)
  if (found === undefined) return undefined
  const { name, attributes } = found.element
  const there = [attributes['class'], attributes['provider'], attributes['type']].filter(Boolean).join(':')
  if (name !== 'primitive' || there !== agent) {
    return `${id} is ${there || `a ${name}`} in the cluster, and should be ${agent}: remove it, or use another name`
  }
  const home = found.path.at(-1)?.attributes['id']
  if (promotable === undefined || home === promotable.id) return undefined
  return `${id} is ${home === undefined ? 'no clone' : `in ${home}`}, and should be in ${promotable.id}: remove it, or rename its clone`
}

function propertyChanges(configuration: Element, properties: readonly Setting[]): readonly Change[] {
  const [section = element('crm_config', {})] = childrenOf(configuration, 'crm_config')
  return properties.flatMap(property => {
    const found = find(section, one => one.name === 'nvpair' && one.attributes['name'] === property.name)
    const set = found?.path ?? [element('cluster_property_set', { id: BOOTSTRAP })]
    return settingChange('property ', [section, ...set], found?.element, BOOTSTRAP, property)
  })
}

/** Nothing where the pair that was found has the value. */
function settingChange(
  subject: string,
  path: readonly Element[],
  found: Element | undefined,
  owner: string,
  setting: Setting,
): readonly Change[] {
  const value = found?.attributes['value']
  if (value === setting.value) return []
  const before = value === undefined ? [] : [`- ${subject}${shown({ ...setting, value })}`]
  const { id, ...attributes } = nvpair(owner, setting).attributes
  const after = element('nvpair', { id: found?.attributes['id'] ?? id ?? '', ...attributes })
  return [{ lines: [...before, `+ ${subject}${shown(setting)}`], modify: within(path, after) }]
}

const shown = (setting: Setting): string => (setting.secret ? `${setting.name}=(secret)` : pair(setting))

function resourceChanges(resources: Element, wanted: Resource, whole: Element | undefined): readonly Change[] {
  const { id, parameters, operations, meta, promotable } = wanted
  const found = find(resources, isCalled('primitive', id))
  if (found === undefined)
    return whole === undefined ? [] : [{ lines: linesOf(wanted), modify: within([resources], whole) }]
  const at = { element: found.element, path: [resources, ...found.path] }
  const clone = at.path.at(-1)
  return [
    ...setChanges('instance_attributes', `${id} `, at, parameters),
    ...operations.flatMap(one => operationChange(at, one)),
    ...setChanges('meta_attributes', `${id} meta `, at, meta),
    ...(promotable === undefined || clone === undefined
      ? []
      : setChanges(
          'meta_attributes',
          `${promotable.id} meta `,
          { element: clone, path: at.path.slice(0, -1) },
          promotable.meta,
        )),
  ]
}

function linesOf({ id, agent, parameters, operations, meta, promotable }: Resource): readonly string[] {
  return [
    `+ ${id} ${agent}`,
    ...parameters.map(one => `+ ${id} ${shown(one)}`),
    ...operations.map(one => `+ ${id} op ${operation(one)}`),
    ...meta.map(one => `+ ${id} meta ${pair(one)}`),
    ...(promotable?.meta ?? []).map(one => `+ ${promotable?.id} meta ${pair(one)}`),
  ]
}

/** A set that has a rule holds at times; ours hold always. */
function setChanges(kind: string, subject: string, { element: owner, path }: Found, settings: readonly Setting[]) {
  const sets = childrenOf(owner, kind).filter(set => childrenOf(set, 'rule').length === 0)
  const [home = element(kind, { id: `${owner.attributes['id']}-${kind}` })] = sets
  return settings.flatMap(setting => {
    const pairs = sets.flatMap(set => childrenOf(set, 'nvpair').map(pair => ({ set, pair })))
    const found = pairs.find(({ pair }) => pair.attributes['name'] === setting.name)
    const around = [...path, owner, found?.set ?? home]
    return settingChange(subject, around, found?.pair, home.attributes['id'] ?? '', setting)
  })
}

function operationChange({ element: owner, path }: Found, wanted: Operation): readonly Change[] {
  const [home = element('operations', {})] = childrenOf(owner, 'operations')
  const id = owner.attributes['id'] ?? ''
  const { id: ownId = '', ...attributes } = operationElement(id, wanted).attributes
  const found = childrenOf(home, 'op').find(
    one => one.attributes['name'] === wanted.name && one.attributes['role'] === wanted.role,
  )
  if (found !== undefined && Object.entries(attributes).every(([key, value]) => found.attributes[key] === value))
    return []
  const after = element('op', { id: found?.attributes['id'] ?? ownId, ...attributes })
  const before = found === undefined ? [] : [`- ${id} op ${wordsOf(found)}`]
  return [{ lines: [...before, `+ ${id} op ${operation(wanted)}`], modify: within([...path, owner, home], after) }]
}

const wordsOf = ({ attributes: { id, name, ...others } }: Element): string =>
  [name, ...Object.entries(others).map(([key, value]) => `${key}=${value}`)].join(' ')

function constraintChange(configuration: Element, wanted: Element): readonly Change[] {
  const [section = element('constraints', {})] = childrenOf(configuration, 'constraints')
  const found = find(section, one => one.attributes['id'] === wanted.attributes['id'])?.element
  if (found === undefined) return [{ lines: signed('+', wanted), modify: within([section], wanted) }]
  if (meaning(found) === meaning(wanted)) return []
  return [{ lines: [...signed('-', found), ...signed('+', wanted)], replace: wanted }]
}

const signed = (sign: string, one: Element): readonly string[] =>
  xmlText([one])
    .trimEnd()
    .split('\n')
    .map(line => `${sign} ${line}`)
