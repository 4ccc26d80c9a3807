import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { PROPERTY_SET } from './attributes.ts'
import { attributeOf, parseCib, readWholeCib } from './cib-text.ts'
import { clusterTool } from './cluster-tool.ts'

/** A permanent value of the cluster: a node attribute or, without a node, a cluster property. */
export interface Pair {
  readonly node?: string
  readonly name: string
  readonly value: string
}

/**
 * Write what an election relies on into the CIB, in one piece, and read it back. In one piece also because Pacemaker plans
 * anew after every change of its configuration.
 *
 * The CIB's admin_epoch is raised with it: where nodes meet again, Pacemaker takes the CIB with the highest versions, and one
 * of a node that was cut off, or off, may have got ahead in its smaller numbers. This one supersedes it.
 *
 * Throws Failure `rejected` when the CIB answers with something else, or does not know a node.
 */
export async function amendCib(pairs: readonly Pair[], deadline: Deadline): Promise<void> {
  await clusterTool('writing into the CIB', 'cibadmin', MODIFY, deadline, patch(pairs, await readWholeCib(deadline)))
  const { properties, nodes } = parseCib(await readWholeCib(deadline))
  const isWritten = pairs.every(({ node, name, value }) => {
    const home = node === undefined ? properties : nodes.get(node)
    return home?.get(name) === value
  })
  if (!isWritten) throw new Failure('rejected', 'the CIB does not hold what was written into it')
}

const MODIFY = ['--modify', '--allow-create', '--xml-pipe']

/** The part of the CIB that changes, with the ids that crm_attribute gives. Our values hold nothing that XML would have escaped. */
function patch(pairs: readonly Pair[], cib: string): string {
  const ids = nodeIds(cib)
  const version = Number(attributeOf(/<cib\b[^>]*>/.exec(cib)?.[0] ?? '', 'admin_epoch') ?? 0) + 1
  const properties = pairs.filter(({ node }) => node === undefined).map(pair => nvpair(PROPERTY_SET, pair))
  const nodes = pairs.flatMap(pair => (pair.node === undefined ? [] : [nodeElement(pair.node, pair, ids)]))
  const settings = `<crm_config><cluster_property_set id="${PROPERTY_SET}">${properties.join('')}</cluster_property_set></crm_config>`
  const changed = `${properties.length > 0 ? settings : ''}${nodes.length > 0 ? `<nodes>${nodes.join('')}</nodes>` : ''}`
  return `<cib admin_epoch="${version}"><configuration>${changed}</configuration></cib>`
}

function nodeElement(node: string, pair: Pair, ids: ReadonlyMap<string, string>): string {
  const id = ids.get(node)
  if (id === undefined) throw new Failure('rejected', `the CIB does not know the node ${node}`)
  const set = `nodes-${id}`
  return `<node id="${id}" uname="${node}"><instance_attributes id="${set}">${nvpair(set, pair)}</instance_attributes></node>`
}

const nvpair = (set: string, { name, value }: Pair) => `<nvpair id="${set}-${name}" name="${name}" value="${value}"/>`

function nodeIds(cib: string): ReadonlyMap<string, string> {
  const tags = [...cib.matchAll(/<node\b[^>]*>/g)].map(([tag]) => tag)
  return new Map(tags.map(tag => [attributeOf(tag, 'uname') ?? '', attributeOf(tag, 'id') ?? '']))
}
