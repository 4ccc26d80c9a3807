import { readWholeCib } from '../../cib/cib-text.ts'
import { clusterTool } from '../../cib/cluster-tool.ts'
import { parseXml } from '../../cib/parse-xml.ts'
import { type Change, changesTo } from '../../cib/snippets/changes.ts'
import type { Configuration } from '../../cib/snippets/configuration.ts'
import { type Element, element, xmlText } from '../../cib/snippets/xml.ts'
import { childrenOf, find, merged } from '../../cib/snippets/xml-search.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { Answer } from './configure.ts'

const PATIENCE_MS = 60_000

/** Whether to change the cluster, or only to say what would change. */
export type Measure = 'apply' | 'diff'

/**
 * Make the cluster have this configuration, and say what changed; what it has already is left alone, and so is what it has
 * beside. Throws Failure `rejected` where Pacemaker does not answer.
 */
export async function applyConfiguration(
  measure: Measure,
  wanted: Configuration,
  nodes: readonly string[],
): Promise<Answer> {
  const deadline = Deadline.in(PATIENCE_MS)
  const cib = await readCibTree(deadline)
  const changes = changesTo(cib, wanted)
  if ('refusal' in changes) return changes
  if (changes.length === 0) return { text: 'nothing to change\n' }
  const refusal = objection(cib, nodes)
  if (refusal !== undefined) return { refusal }
  const text = changes.flatMap(({ lines }) => lines.map(line => `${line}\n`)).join('')
  if (measure === 'diff') return { text }
  try {
    await change(changes, deadline)
    const left = changesTo(await readCibTree(deadline), wanted)
    const isDone = !('refusal' in left) && left.length === 0
    return isDone ? { text: `${text}done\n` } : { text, refusal: 'the cluster does not hold all of it: see --diff' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { text, refusal: error.message }
  }
}

async function readCibTree(deadline: Deadline): Promise<Element> {
  const cib = await parseXml(await readWholeCib(deadline))
  if (cib === undefined) throw new Failure('unintelligible', 'the CIB is empty: is Pacemaker running here?')
  return cib
}

/** Why this cluster is not ready for it. */
function objection(cib: Element, nodes: readonly string[]): string | undefined {
  const [configuration = element('configuration', {})] = childrenOf(cib, 'configuration')
  const known = childrenOf(childrenOf(configuration, 'nodes')[0], 'node').map(({ attributes }) => attributes['uname'])
  const stranger = nodes.find(node => !known.includes(node))
  if (stranger !== undefined)
    return `${stranger} is no node of the cluster: its nodes are ${known.join(', ') || 'none'}`
  const device = find(configuration, one => one.name === 'primitive' && one.attributes['class'] === 'stonith')
  const watchdog = find(configuration, one => one.attributes['name'] === 'stonith-watchdog-timeout')
  if (device !== undefined || watchdog !== undefined) return undefined
  return 'the cluster has no fencing device, without which Pacemaker starts nothing: add one for each node, as "heir configure --format crm" or "--format pcs" shows'
}

/** All that is new or has another value in one piece, then each constraint that says something else. */
async function change(changes: readonly Change[], deadline: Deadline): Promise<void> {
  const parts = changes.flatMap(({ modify }) => modify ?? [])
  const replacements = changes.flatMap(({ replace }) => replace ?? [])
  const doing = 'changing the configuration of the cluster'
  if (parts.length > 0) {
    const xml = xmlText([element('configuration', {}, merged(parts))])
    await clusterTool(doing, 'cibadmin', ['--modify', '--allow-create', '--xml-pipe'], deadline, xml)
  }
  for (const one of replacements) {
    const args = ['--replace', '--scope', 'constraints', '--xml-pipe']
    await clusterTool(doing, 'cibadmin', args, deadline, xmlText([one]))
  }
}
