import { XMLParser } from 'fast-xml-parser'

export interface ResourceStatus {
  /** Without clone instance numbers. */
  readonly id: string
  readonly role: string
  /** Where it is active; undefined where it is active nowhere. */
  readonly node: string | undefined
  readonly failed: boolean
}

/** The cluster as one of its nodes sees it. */
export interface ClusterStatus {
  readonly quorate: boolean
  /** The node whose controller decides; undefined during an election. */
  readonly dc: string | undefined
  /** The nodes whose cluster software is up, in the cluster's order. */
  readonly online: readonly string[]
  /** Every instance of every resource, those in clones and groups too. */
  readonly resources: readonly ResourceStatus[]
  /**
   * The failed actions that the cluster remembers: action, node, result and the reason that the agent gave. Pacemaker also lists
   * results that were degraded, and does not forget them; they are no failures.
   */
  readonly failedActions: readonly string[]
}

interface XmlFailure {
  readonly op_key?: string
  readonly node?: string
  readonly exitcode?: string
  readonly exitstatus?: string
  readonly exitreason?: string
}

interface XmlResource {
  readonly id: string
  readonly role: string
  readonly failed: string
  readonly node?: readonly { readonly name: string }[]
}

interface XmlContainer {
  readonly resource?: readonly XmlResource[]
  readonly group?: readonly XmlContainer[]
  readonly clone?: readonly XmlContainer[]
  readonly bundle?: readonly XmlContainer[]
}

/** While the cluster software starts, there is nothing in it. */
interface XmlStatus {
  readonly summary?: { readonly current_dc: { readonly name?: string; readonly with_quorum?: string } }
  readonly nodes?: { readonly node?: readonly { readonly name: string; readonly online: string }[] }
  readonly resources?: XmlContainer
  readonly failures?: { readonly failure?: readonly XmlFailure[] }
}

const LISTS = ['node', 'resource', 'group', 'clone', 'bundle', 'failure']

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: tag => LISTS.includes(tag) })

/** Read what `crm_mon --output-as=xml` prints. */
export function parseClusterStatus(xml: string): ClusterStatus {
  const result: XmlStatus = parser.parse(xml)['pacemaker-result']
  return {
    quorate: result.summary?.current_dc.with_quorum === 'true',
    dc: result.summary?.current_dc.name,
    online: (result.nodes?.node ?? []).filter(node => node.online === 'true').map(node => node.name),
    resources: result.resources === undefined ? [] : instances(result.resources),
    failedActions: (result.failures?.failure ?? []).filter(isFailure).map(failedAction),
  }
}

/** OCF's degraded and degraded-promoted. */
const DEGRADED = ['190', '191']

function isFailure({ exitcode = '' }: XmlFailure): boolean {
  return !DEGRADED.includes(exitcode)
}

function failedAction({ op_key = '', node = '', exitstatus = '', exitreason = '' }: XmlFailure): string {
  return `${op_key} on ${node}: ${exitstatus}${exitreason === '' ? '' : `: ${exitreason}`}`
}

/** The nodes that have an instance of the resource in that role. One that failed keeps its last role, but is not in it. */
export function nodesInRole(status: ClusterStatus, resource: string, role: string): string[] {
  const matching = status.resources.filter(one => one.id === resource && one.role === role && !one.failed)
  return matching.flatMap(({ node }) => node ?? [])
}

function instances(container: XmlContainer): ResourceStatus[] {
  const { resource = [], group = [], clone = [], bundle = [] } = container
  return [...resource.map(instance), ...[...group, ...clone, ...bundle].flatMap(instances)]
}

function instance(xml: XmlResource): ResourceStatus {
  return {
    id: xml.id.replace(/:\d+$/, ''),
    role: xml.role,
    node: xml.node?.[0]?.name,
    failed: xml.failed === 'true',
  }
}
