import { readFile } from 'node:fs/promises'
import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/** Where every node keeps its copy of the CIB's permanent part. */
const CIB_FILE = '/var/lib/pacemaker/cib/cib.xml'

/**
 * This node's copy of the CIB's permanent part. It costs no process, which monitor would otherwise start every few seconds
 * for ever. It may be a moment old: good for noticing, not for acting. Undefined where there is none, as on a node that only
 * runs resources for the cluster (pacemaker_remote).
 */
export async function readCibOnDisk(file = CIB_FILE): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

/** The CIB's permanent part as the cluster has it now. Throws Failure `rejected` where Pacemaker does not answer. */
export async function readCib(deadline: Deadline): Promise<string> {
  const xml = await clusterTool('reading the CIB', 'cibadmin', ['--query', '--scope', 'configuration'], deadline)
  return xml ?? ''
}

/** The whole CIB, its status and its versions included. Throws Failure `rejected` where Pacemaker does not answer. */
export async function readWholeCib(deadline: Deadline): Promise<string> {
  return (await clusterTool('reading the CIB', 'cibadmin', ['--query'], deadline)) ?? ''
}

/** Names and values of the nvpairs in the CIB: those of cluster properties, and by node name those of permanent node attributes. */
export interface CibPairs {
  readonly properties: ReadonlyMap<string, string>
  readonly nodes: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** Take them from the text that Pacemaker writes. libxml2 writes attributes with &quot;, &lt;, &gt; and &amp; escaped. */
export function parseCib(xml: string): CibPairs {
  const properties = new Map<string, string>()
  const nodes = new Map<string, Map<string, string>>()
  let current: Map<string, string> | undefined
  let inProperties = false
  for (const [tag, closing, element] of xml.matchAll(/<(\/?)(node|crm_config|nvpair)\b[^>]*>/g)) {
    if (element === 'crm_config') inProperties = closing === ''
    else if (element === 'node') {
      const name = attributeOf(tag, 'uname')
      current = closing === '' && !tag.endsWith('/>') ? new Map() : undefined
      if (current && name !== undefined) nodes.set(name, current)
    } else {
      const [name, value] = [attributeOf(tag, 'name'), attributeOf(tag, 'value')]
      const home = current ?? (inProperties ? properties : undefined)
      if (name !== undefined && value !== undefined && !home?.has(name)) home?.set(name, value)
    }
  }
  return { properties, nodes }
}

/** The value of an attribute of a start tag; undefined without it. */
export function attributeOf(tag: string, attribute: string): string | undefined {
  const escaped = new RegExp(`\\b${attribute}="([^"]*)"`).exec(tag)?.[1]
  return escaped?.replaceAll(/&(quot|lt|gt|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity])
}

const ENTITIES = { quot: '"', lt: '<', gt: '>', apos: "'", amp: '&' } as const
