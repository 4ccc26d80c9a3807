import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/** One instance of a resource of this agent as the cluster sees it. */
export interface InstanceStatus {
  readonly resource: string
  readonly node: string
  readonly role: string
  /** Pacemaker acts on it: neither it, its node nor the cluster is unmanaged or in maintenance. */
  readonly managed: boolean
  /** Pacemaker knows of a failure that it has not dealt with yet. */
  readonly failed: boolean
}

/** What agent the resources must have to count. */
const AGENT = 'ocf:heir:mysql'

/** Every active instance of this agent's resources. Throws Failure `rejected` when no cluster runs on this node. */
export async function readClusterStatus(deadline: Deadline): Promise<readonly InstanceStatus[]> {
  const xml = await clusterTool(
    'asking for the state of the cluster',
    'crm_mon',
    ['--one-shot', '--output-as=xml'],
    deadline,
  )
  return parseClusterStatus(xml ?? '')
}

/** The instances in the XML that crm_mon writes (schema crm_mon.rng of Pacemaker 2.1 and 3.0). */
export async function parseClusterStatus(xml: string): Promise<readonly InstanceStatus[]> {
  const { XMLParser } = await import('fast-xml-parser')
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false })
  return [...resourcesIn(parser.parse(xml))].flatMap(({ id, resource_agent, role, managed, failed, node }) =>
    resource_agent !== AGENT
      ? []
      : listOf(node).map(({ name }) => ({
          resource: id.replace(/:\d+$/, ''),
          node: name,
          role,
          managed: managed === 'true',
          failed: failed === 'true',
        })),
  )
}

interface ResourceElement {
  readonly id: string
  readonly resource_agent: string
  readonly role: string
  readonly managed: string
  readonly failed: string
  readonly node: { readonly name: string } | readonly { readonly name: string }[] | undefined
}

/** Every <resource> element, however deep in groups and clones it stands. */
function* resourcesIn(element: unknown): Generator<ResourceElement> {
  if (typeof element !== 'object' || element === null) return
  for (const [name, child] of Object.entries(element)) {
    for (const one of listOf<unknown>(child)) {
      if (name === 'resource' && isResource(one)) yield one
      else yield* resourcesIn(one)
    }
  }
}

const isResource = (element: unknown): element is ResourceElement =>
  typeof element === 'object' && element !== null && 'resource_agent' in element && 'role' in element

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]
