import type { Act, Configuration, Constraint, Resource } from './configuration.ts'
import { command, comment, commentedOut, operation, pair, reason, reasons, ruleWords } from './layout.ts'

/** The configuration in the words of crmsh, for `crm -F configure load update FILE`. */
export function renderCrm({ notes, missing, resources, constraints, properties }: Configuration): string {
  return [
    ...notes.map(note => comment([note])),
    comment([missing.because]) +
      commentedOut(
        [...missing.resources.map(primitiveText), ...missing.constraints.map(item => `${constraintText(item)}\n`)].join(
          '',
        ),
      ),
    ...resources.map(resourceText),
    ...constraints.map(item => `${comment([item.because])}${constraintText(item)}\n`),
    comment(properties.flatMap(reason)) + command('property cib-bootstrap-options:', properties.map(pair)),
  ].join('\n')
}

function resourceText(resource: Resource): string {
  const { id, promotable } = resource
  const clone = promotable && command(`clone ${promotable.id} ${id}`, [`meta ${promotable.meta.map(pair).join(' ')}`])
  return comment(reasons(resource)) + primitiveText(resource) + (clone ?? '')
}

const primitiveText = ({ id, agent, parameters, operations, meta }: Resource): string =>
  command(`primitive ${id} ${agent}`, [
    `params ${parameters.map(pair).join(' ')}`,
    ...operations.map(item => `op ${operation(item)}`),
    ...(meta.length === 0 ? [] : [`meta ${meta.map(pair).join(' ')}`]),
  ])

function constraintText(item: Constraint): string {
  switch (item.kind) {
    case 'location': {
      const discovery = item.discovery === undefined ? '' : ` resource-discovery=${item.discovery}`
      return `location ${item.id} ${item.resource}${discovery} rule ${item.score}: ${ruleWords(item.rule)}`
    }
    case 'colocation': {
      const target = item.role === undefined ? item.with : `${item.with}:${item.role}`
      return `colocation ${item.id} ${item.score}: ${item.resource} ${target}`
    }
    case 'ticket':
      return `rsc_ticket ${item.id} ${item.ticket}: ${item.resource}:Promoted loss-policy=demote`
    case 'order':
      return `order ${item.id} ${item.strength ?? 'Mandatory'}: ${crmAct(item.first)} ${crmAct(item.second)} symmetrical=false`
  }
}

const crmAct = ({ action, resource }: Act) => `${resource}:${action}`
