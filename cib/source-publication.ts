import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { ATTRIBUTES, PROPERTY_SET } from './attributes.ts'
import { parseCib, readCib } from './cib-text.ts'
import { clusterTool } from './cluster-tool.ts'
import { formatRegistration, type Registration } from './registration.ts'
import { formatSourceRecord, type SourceRecord } from './source-record.ts'

/** A source, and the replicas that will acknowledge its commits. */
export interface SourcePublication {
  readonly record: SourceRecord
  /** By node name. */
  readonly ackers: ReadonlyMap<string, Registration>
}

/**
 * Write a source and its first ackers into the CIB, in one piece, and read them back. In one piece also because Pacemaker plans
 * anew after every change of its configuration.
 * Throws Failure `rejected` when the CIB answers with something else, or does not know a node.
 */
export async function publishSourceRecord(
  resource: string,
  publication: SourcePublication,
  deadline: Deadline,
): Promise<void> {
  const ids = nodeIds(await readCib(deadline))
  const wanted = texts(resource, publication)
  await clusterTool('writing the source record', 'cibadmin', MODIFY, deadline, patch(wanted, ids))

  const { properties, nodes } = parseCib(await readCib(deadline))
  const isWritten = wanted.every(({ node, name, value }) =>
    node === undefined ? properties.get(name) === value : nodes.get(node)?.get(name) === value,
  )
  if (!isWritten) throw new Failure('rejected', 'the CIB does not hold the source record that was written into it')
}

const MODIFY = ['--modify', '--allow-create', '--xml-pipe']

interface Pair {
  /** Undefined for a cluster property. */
  readonly node: string | undefined
  readonly name: string
  readonly value: string
}

function texts(resource: string, { record, ackers }: SourcePublication): readonly Pair[] {
  const registered = [...ackers].map(([node, registration]) => ({
    node,
    name: ATTRIBUTES.acker(resource),
    value: formatRegistration(registration),
  }))
  return [
    ...registered,
    { node: undefined, name: ATTRIBUTES.sourceRecord(resource), value: formatSourceRecord(record) },
  ]
}

/** The part of the CIB that changes, with the ids that crm_attribute gives. Our values hold nothing that XML would have escaped. */
function patch(pairs: readonly Pair[], ids: ReadonlyMap<string, string>): string {
  const nvpair = (set: string, { name, value }: Pair) => `<nvpair id="${set}-${name}" name="${name}" value="${value}"/>`
  const properties = pairs.filter(({ node }) => node === undefined).map(pair => nvpair(PROPERTY_SET, pair))
  const nodes = pairs.flatMap(pair => {
    if (pair.node === undefined) return []
    const id = ids.get(pair.node)
    if (id === undefined) throw new Failure('rejected', `the CIB does not know the node ${pair.node}`)
    const set = `nodes-${id}`
    return [
      `<node id="${id}" uname="${pair.node}"><instance_attributes id="${set}">${nvpair(set, pair)}</instance_attributes></node>`,
    ]
  })
  const settings = `<crm_config><cluster_property_set id="${PROPERTY_SET}">${properties.join('')}</cluster_property_set></crm_config>`
  return `<configuration>${settings}<nodes>${nodes.join('')}</nodes></configuration>`
}

function nodeIds(cib: string): ReadonlyMap<string, string> {
  const tags = [...cib.matchAll(/<node\b[^>]*>/g)].map(([tag]) => tag)
  const value = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return new Map(tags.map(tag => [value(tag, 'uname'), value(tag, 'id')]))
}
