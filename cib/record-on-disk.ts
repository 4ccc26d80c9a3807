import { readFile } from 'node:fs/promises'

/** Where every node keeps its copy of the CIB's permanent part. */
const CIB_FILE = '/var/lib/pacemaker/cib/cib.xml'

/** What the copy says; a node that only runs resources for the cluster (pacemaker_remote) has none. */
export type OnDisk = { readonly readable: true; readonly value: string | undefined } | { readonly readable: false }

/**
 * The value of a cluster property as this node's copy of the CIB has it.
 *
 * This costs no process, which monitor would otherwise start every few seconds for ever. The copy may be a moment old:
 * good for noticing, not for acting.
 */
export async function readPropertyFromDisk(name: string, file = CIB_FILE): Promise<OnDisk> {
  try {
    return { readable: true, value: propertyIn(await readFile(file, 'utf8'), name) }
  } catch {
    return { readable: false }
  }
}

/** The value of the first nvpair of this name. libxml2 writes attributes with &quot;, &lt;, &gt; and &amp; escaped. */
export function propertyIn(cib: string, name: string): string | undefined {
  const pair = cib.match(/<nvpair\b[^>]*>/g)?.find(tag => attributeOf(tag, 'name') === name)
  return pair === undefined ? undefined : attributeOf(pair, 'value')
}

function attributeOf(tag: string, attribute: string): string | undefined {
  const escaped = new RegExp(`\\b${attribute}="([^"]*)"`).exec(tag)?.[1]
  return escaped?.replaceAll(/&(quot|lt|gt|apos|amp);/g, (_, entity: keyof typeof ENTITIES) => ENTITIES[entity])
}

const ENTITIES = { quot: '"', lt: '<', gt: '>', apos: "'", amp: '&' } as const
