import type { Configuration, Constraint, Expression, Operation, Resource, Rule, Setting } from './configuration.ts'
import { reason, reasons } from './layout.ts'
import { type Comment, type Element, element, xmlComment, xmlText } from './xml.ts'

/** The property set that Pacemaker's tools keep cluster properties in. */
export const BOOTSTRAP = 'cib-bootstrap-options'

/** What a cluster's configuration consists of, as elements of the CIB: those with an id, and the properties. */
export interface CibElements {
  readonly resources: readonly Element[]
  readonly constraints: readonly Element[]
  readonly properties: readonly Element[]
}

/** The configuration as the CIB's own XML, for `cibadmin --modify --allow-create --xml-file FILE`. */
export function renderXml(configuration: Configuration): string {
  const { notes, missing, resources, constraints, properties } = configuration
  const elements = cibElements(configuration)
  const explained = (sentences: readonly string[], one: Element | undefined) =>
    one === undefined ? [] : [xmlComment(sentences), one]
  return [
    ...notes.map(note => xmlText([xmlComment([note])])),
    xmlText([xmlComment([missing.because])]),
    xmlText([
      element('configuration', {}, [
        element('crm_config', {}, [
          xmlComment(properties.flatMap(reason)),
          element('cluster_property_set', { id: BOOTSTRAP }, elements.properties),
        ]),
        element('resources', {}, [
          asComment(missing.resources.map(resourceElement)),
          ...resources.flatMap((resource, index) => explained(reasons(resource), elements.resources[index])),
        ]),
        element('constraints', {}, [
          asComment(missing.constraints.map(constraintElement)),
          ...constraints.flatMap((item, index) => explained([item.because], elements.constraints[index])),
        ]),
      ]),
    ]),
  ].join('\n')
}

/** The same without a word of explanation. */
export const cibElements = ({ resources, constraints, properties }: Configuration): CibElements => ({
  resources: resources.map(resourceElement),
  constraints: constraints.map(constraintElement),
  properties: nvpairs(BOOTSTRAP, properties),
})

const asComment = (elements: readonly Element[]): Comment => ({ comment: xmlText(elements).trimEnd().split('\n') })

/** One setting, in the set of which `owner` is the id. */
export const nvpair = (owner: string, { name, value }: Setting): Element =>
  element('nvpair', { id: `${owner}-${name}`, name, value })

const nvpairs = (owner: string, settings: readonly Setting[]): readonly Element[] =>
  settings.map(setting => nvpair(owner, setting))

function settingSet(kind: 'instance_attributes' | 'meta_attributes', owner: string, settings: readonly Setting[]) {
  const id = `${owner}-${kind}`
  return settings.length === 0 ? [] : [element(kind, { id }, nvpairs(id, settings))]
}

function resourceElement({ id, agent, parameters, operations, meta, promotable }: Resource): Element {
  const primitive = element('primitive', { id, ...agentAttributes(agent) }, [
    ...settingSet('instance_attributes', id, parameters),
    element(
      'operations',
      {},
      operations.map(item => operationElement(id, item)),
    ),
    ...settingSet('meta_attributes', id, meta),
  ])
  if (promotable === undefined) return primitive
  const attributes = settingSet('meta_attributes', promotable.id, promotable.meta)
  return element('clone', { id: promotable.id }, [...attributes, primitive])
}

function agentAttributes(agent: string): Readonly<Record<string, string>> {
  const [standard = '', ...names] = agent.split(':')
  const [type = '', provider] = names.toReversed()
  return provider === undefined ? { class: standard, type } : { class: standard, provider, type }
}

/** One operation of a resource. */
export function operationElement(
  owner: string,
  { name, role, timeoutSeconds, intervalSeconds = 0 }: Operation,
): Element {
  const interval = `${intervalSeconds}s`
  return element('op', {
    id: `${owner}-${name}-${interval}`,
    name,
    ...(role !== undefined && { role }),
    interval,
    timeout: `${timeoutSeconds}s`,
  })
}

function constraintElement(item: Constraint): Element {
  const { id } = item
  switch (item.kind) {
    case 'location':
      return element(
        'rsc_location',
        { id, rsc: item.resource, ...(item.discovery !== undefined && { 'resource-discovery': item.discovery }) },
        [ruleElement(`${id}-rule`, String(item.score), item.rule)],
      )
    case 'colocation': {
      const target = { 'with-rsc': item.with, ...(item.role !== undefined && { 'with-rsc-role': item.role }) }
      return element('rsc_colocation', { id, score: String(item.score), rsc: item.resource, ...target })
    }
    case 'ticket': {
      const when = { 'rsc-role': 'Promoted', ticket: item.ticket, 'loss-policy': 'demote' }
      return element('rsc_ticket', { id, rsc: item.resource, ...when })
    }
    case 'order': {
      const { first, second, strength } = item
      // biome-ignore lint/suspicious/noThenProperty: it is what the CIB calls it
      const acts = { first: first.resource, 'first-action': first.action, then: second.resource }
      const kind = { 'then-action': second.action, kind: strength ?? 'Mandatory', symmetrical: 'false' }
      return element('rsc_order', { id, ...acts, ...kind })
    }
  }
}

/** "and" is what a rule without that word means; Pacemaker's tools leave it out of a rule with one expression. */
const ruleElement = (id: string, score: string, { match, expressions }: Rule): Element =>
  element(
    'rule',
    { id, score, ...(expressions.length > 1 && { 'boolean-op': match }) },
    expressions.map((expression, index) => expressionElement(`${id}-expression-${index + 1}`, expression)),
  )

function expressionElement(id: string, expression: Expression): Element {
  const { attribute, is: operation } = expression
  return element('expression', {
    id,
    attribute,
    operation,
    ...(expression.is !== 'not_defined' && { value: expression.value }),
  })
}
