import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { PROPERTY_SET } from './attributes.ts'
import { attributeOf, parseCib, readWholeCib } from './cib-text.ts'
import { clusterTool } from './cluster-tool.ts'
import { confirmReceipt, isMajority, type Partition } from './partition.ts'

/** A cluster property. */
export interface Property {
  readonly name: string
  readonly value: string
}

/**
 * Write properties that an election relies on into the CIB, in one piece, read them back, and see that every member of the
 * partition has received them. In one piece also because Pacemaker plans anew after every change of its configuration.
 *
 * The CIB's admin_epoch is raised with it: where nodes meet again, Pacemaker takes the CIB with the highest versions, and one
 * of a node that was cut off, or off, may have got ahead in its smaller numbers. This one supersedes it: by one, and by one
 * more for each node that is no member, since the last amendment of one that was just cut off counted them as members.
 *
 * Answers the text of the CIB after it. Throws Failure `rejected` outside of the quorate partition and when the CIB answers
 * with something else, and what confirmReceipt() throws.
 */
export async function amendCib(
  changes: readonly Property[],
  { quorate, members, nodes, cib }: Partition,
  node: string,
  deadline: Deadline,
): Promise<string> {
  if (!quorate || !isMajority(members, nodes))
    throw new Failure('rejected', `${node} is outside of the quorate partition`)
  await clusterTool(
    'writing into the CIB',
    'cibadmin',
    MODIFY,
    deadline,
    patch(changes, nodes.length - members.length, cib),
  )
  const others = members.filter(member => member !== node)
  const [after] = await Promise.all([readWholeCib(deadline), confirmReceipt(others, deadline)])
  const { properties } = parseCib(after)
  if (changes.every(({ name, value }) => properties.get(name) === value)) return after
  throw new Failure('rejected', 'the CIB does not hold what was written into it')
}

const MODIFY = ['--modify', '--allow-create', '--xml-pipe']

/** The part of the CIB that changes, with the ids that crm_attribute gives. Our values hold nothing that XML would have escaped. */
function patch(changes: readonly Property[], absent: number, cib: string): string {
  const version = Number(attributeOf(/<cib\b[^>]*>/.exec(cib)?.[0] ?? '', 'admin_epoch') ?? 0) + 1 + absent
  const pairs = changes.map(
    ({ name, value }) => `<nvpair id="${PROPERTY_SET}-${name}" name="${name}" value="${value}"/>`,
  )
  const settings = `<cluster_property_set id="${PROPERTY_SET}">${pairs.join('')}</cluster_property_set>`
  return `<cib admin_epoch="${version}"><configuration><crm_config>${settings}</crm_config></configuration></cib>`
}

/**
 * Delete a cluster property that still has this value: in one step, so that a value that was written a moment ago stays.
 * Deleting what is not there succeeds.
 */
export async function deletePropertyIf({ name, value }: Property, deadline: Deadline): Promise<void> {
  const pair = `//crm_config//nvpair[@name='${name}' and @value='${value}']`
  await clusterTool(`deleting ${name}`, 'cibadmin', ['--delete', '--xpath', pair], deadline)
}
