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
  /** The nodes whose cluster software is up, in the cluster's order. */
  readonly online: readonly string[]
  /** Every instance of every resource, those in clones and groups too. */
  readonly resources: readonly ResourceStatus[]
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
  readonly summary?: { readonly current_dc: { readonly with_quorum?: string } }
  readonly nodes?: { readonly node?: readonly { readonly name: string; readonly online: string }[] }
  readonly resources?: XmlContainer
}

const LISTS = ['node', 'resource', 'group', 'clone', 'bundle']

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: tag => LISTS.includes(tag) })

/** Read what `crm_mon --output-as=xml` prints. */
export function parseClusterStatus(xml: string): ClusterStatus {
  const result: XmlStatus = parser.parse(xml)['pacemaker-result']
  return {
    quorate: result.summary?.current_dc.with_quorum === 'true',
    online: (result.nodes?.node ?? []).filter(node => node.online === 'true').map(node => node.name),
    resources: result.resources === undefined ? [] : instances(result.resources),
  }
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
