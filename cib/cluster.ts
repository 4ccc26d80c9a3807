import { type CommandResult, command } from '../lib/system/command.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { PROPERTY_SET } from './attributes.ts'

/** What Pacemaker's tools answer for a thing that is not there: CRM_EX_NOSUCH, or the errno of 2.0 and before. */
const ABSENT = new Set([105, 6, 78])

/** The value of a cluster property; undefined when it is not set. */
export async function readProperty(name: string, deadline: Deadline): Promise<string | undefined> {
  const answer = await command('crm_attribute', ['--type', 'crm_config', '--name', name, '--query', '--quiet'], {
    deadline,
  })
  if (ABSENT.has(answer.exitCode)) return undefined
  return expectSuccess('crm_attribute', `reading the cluster property ${name}`, answer).stdout.trim()
}

/** Write a cluster property and read it back: it counts only once the CIB answers with it. */
export async function writeProperty(name: string, value: string, deadline: Deadline): Promise<void> {
  const args = ['--type', 'crm_config', '--set-name', PROPERTY_SET, '--name', name, '--update', value]
  expectSuccess(
    'crm_attribute',
    `writing the cluster property ${name}`,
    await command('crm_attribute', args, { deadline }),
  )
  const written = await readProperty(name, deadline)
  if (written === value) return
  throw new Failure('rejected', `cluster property ${name} reads "${written ?? ''}" after writing "${value}"`)
}

/** The values of a node attribute by node name. Nodes on which it is not set, or deleted, are absent. */
export async function readNodeAttribute(name: string, deadline: Deadline): Promise<ReadonlyMap<string, string>> {
  const answer = await command('attrd_updater', ['--query', '--all', '--name', name], { deadline })
  if (ABSENT.has(answer.exitCode)) return new Map()
  return parseNodeAttribute(expectSuccess('attrd_updater', `reading the node attribute ${name}`, answer).stdout)
}

/** The lines `name="…" host="…" value="…"` of attrd_updater, which escapes nothing and says "" for a deleted value. */
export function parseNodeAttribute(stdout: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const match = /^name="[^"]*" host="([^"]*)" value="(.*)"$/.exec(line.trim())
    if (match?.[1] && match[2]) values.set(match[1], match[2])
  }
  return values
}

/** Set a transient attribute of a node, `private` (kept by the attribute daemon alone) or in the CIB's status section. */
export async function writeNodeAttribute(
  attribute: { readonly name: string; readonly node: string; readonly value: string; readonly home: 'private' | 'cib' },
  deadline: Deadline,
): Promise<void> {
  const { name, node, value, home } = attribute
  const args = ['--name', name, '--node', node, '--update', value, ...(home === 'private' ? ['--private'] : [])]
  expectSuccess('attrd_updater', `setting ${name} of ${node}`, await command('attrd_updater', args, { deadline }))
}

/** Delete a transient attribute of a node. Deleting what is not there succeeds. */
export async function deleteNodeAttribute(name: string, node: string, deadline: Deadline): Promise<void> {
  const args = ['--name', name, '--node', node, '--delete']
  expectSuccess('attrd_updater', `deleting ${name} of ${node}`, await command('attrd_updater', args, { deadline }))
}

/** Whether this node's partition has quorum. */
export async function isQuorate(deadline: Deadline): Promise<boolean> {
  const answer = expectSuccess('crm_node', 'asking for quorum', await command('crm_node', ['--quorum'], { deadline }))
  return answer.stdout.trim() === '1'
}

/** This node's name in the cluster. */
export async function localNodeName(deadline: Deadline): Promise<string> {
  const answer = await command('crm_node', ['--name'], { deadline })
  return expectSuccess('crm_node', "asking for this node's name", answer).stdout.trim()
}

function expectSuccess(tool: string, doing: string, answer: CommandResult): CommandResult {
  if (answer.exitCode === 0) return answer
  const said = answer.stderr.trim().split('\n').at(-1) ?? ''
  throw new Failure('rejected', `${tool}: ${doing} failed with ${answer.exitCode}: ${said}`, { code: answer.exitCode })
}

/** Set or, with undefined, delete this node's promotion score. The tool takes the resource from OCF_RESOURCE_INSTANCE. */
export async function writePromotionScore(score: number | string | undefined, deadline: Deadline): Promise<void> {
  const change = score === undefined ? '--delete' : `--update=${score}` // "--update -INFINITY" would read as an option
  const answer = await command('crm_attribute', ['--promotion', change], { deadline })
  if (score === undefined && ABSENT.has(answer.exitCode)) return
  expectSuccess('crm_attribute', 'writing the promotion score', answer)
}
