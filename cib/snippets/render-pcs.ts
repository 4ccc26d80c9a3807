import type { Act, Configuration, Constraint, Resource, Setting } from './configuration.ts'
import { command, comment, commentedOut, operation, pair, reason, reasons, ruleWords } from './layout.ts'

/**
 * The configuration as a shell script of pcs commands (0.11 and later). They work on a copy of the CIB, and the
 * difference is pushed in one piece: nothing starts before its constraints are there, and a command that fails
 * changes nothing.
 */
export function renderPcs({ notes, missing, resources, constraints, properties }: Configuration): string {
  return [
    ...notes.map(note => comment([note])),
    `${comment(['pcs works on a copy of the CIB, so that nothing starts before its constraints are there'])}${OPENING}`,
    comment([missing.because]) +
      commentedOut([...missing.resources.map(createText), ...missing.constraints.map(constraintText)].join('')),
    ...resources.map(resourceText),
    ...constraints.map(item => comment([item.because]) + constraintText(item)),
    comment(properties.flatMap(reason)) + propertyCommands(properties),
    `${comment(['the difference is pushed in one piece'])}${CLOSING}`,
  ].join('\n')
}

const OPENING = `set -e
old=$(mktemp)
new=$(mktemp)
pcs cluster cib >"$old"
cp "$old" "$new"
`

const CLOSING = `pcs cluster cib-push "$new" diff-against="$old"
rm "$old" "$new"
`

const pcs = (words: string, parts: readonly string[] = []) => command(`pcs -f "$new" ${words}`, parts)

/** pcs knows no milliseconds, which Pacemaker does: it has to be forced to take them. */
function propertyCommands(properties: readonly Setting[]): string {
  const { brief = [], plain = [] } = Object.groupBy(properties, ({ value }) =>
    /^\d+ms$/.test(value) ? 'brief' : 'plain',
  )
  const forced =
    comment(['--force: pcs knows no milliseconds, Pacemaker does']) + pcs('property set --force', brief.map(pair))
  return pcs('property set', plain.map(pair)) + (brief.length === 0 ? '' : forced)
}

function resourceText(resource: Resource): string {
  const { promotable } = resource
  // Apart, because what "meta" after "promotable" belongs to differs between pcs 0.11 and 0.12.
  const clone = promotable && pcs(`resource meta ${promotable.id}`, [promotable.meta.map(pair).join(' ')])
  const forced = resource.forced === undefined ? [] : [`--force: ${resource.forced}`]
  return comment([...reasons(resource), ...forced]) + createText(resource) + (clone ?? '')
}

function createText({ id, agent, parameters, operations, meta, promotable, forced }: Resource): string {
  const [standard, type] = agent.split(':', 2)
  return pcs(standard === 'stonith' ? `stonith create ${id} ${type}` : `resource create ${id} ${agent}`, [
    ...(parameters.length === 0 ? [] : [parameters.map(pair).join(' ')]),
    ...operations.map(item => `op ${operation(item)}`),
    ...(meta.length === 0 ? [] : [`meta ${meta.map(pair).join(' ')}`]),
    ...(promotable === undefined ? [] : [`promotable ${promotable.id}`]),
    ...(forced === undefined ? [] : ['--force']),
  ])
}

function constraintText(item: Constraint): string {
  switch (item.kind) {
    case 'location': {
      const discovery = item.discovery === undefined ? '' : ` resource-discovery=${item.discovery}`
      return pcs(
        `constraint location ${item.resource} rule${discovery} constraint-id=${item.id} score=${item.score} ${ruleWords(item.rule).replaceAll('#uname', "'#uname'")}`,
      )
    }
    case 'colocation': {
      const target = item.role === undefined ? item.with : `${item.role} ${item.with}`
      return pcs(`constraint colocation add ${item.resource} with ${target} score=${item.score} id=${item.id}`)
    }
    case 'ticket':
      return pcs(`constraint ticket add ${item.ticket} Promoted ${item.resource} loss-policy=demote id=${item.id}`)
    case 'order':
      return pcs(
        `constraint order ${pcsAct(item.first)} then ${pcsAct(item.second)} kind=${item.strength ?? 'Mandatory'} symmetrical=false id=${item.id}`,
      )
  }
}

const pcsAct = ({ action, resource }: Act) => `${action} ${resource}`
