import manifest from '../../package.json' with { type: 'json' }
import { ACTIONS, type AdvertisedAction } from '../action-table.ts'
import { PARAMETERS } from '../parameter-table.ts'
import type { Deprecation, Parameter } from '../parameter-type.ts'

/** What the agent is, in a line and in a paragraph: for front ends and for the manual. */
export const ABOUT = {
  short: 'MySQL and MariaDB with replication, promoted without losing acknowledged writes',
  long: 'Runs MySQL (8.0.26 and later) or MariaDB (10.6 and later) as a promotable clone: the promoted instance takes writes, the others replicate from it. A replica is promoted only after it has applied all that any replica of the partition received. Every server starts read-only. With topology=multi-primary two instances take writes and replicate from each other. The clone needs notify=true. "heir configure" prints a complete cluster configuration.',
} as const

/** The description of the agent, as the OCF resource agent API 1.1 demands it. */
export function metaData(): string {
  return `<?xml version="1.0"?>
<resource-agent name="mysql" version="${escapeXml(manifest.version)}">
<version>1.1</version>
${longAndShort(ABOUT)}
<parameters>
${Object.entries<Parameter<unknown>>(PARAMETERS).map(parameterElement).join('\n')}
</parameters>
<actions>
${ACTIONS.map(actionElement).join('\n')}
</actions>
</resource-agent>
`
}

function parameterElement([name, parameter]: readonly [string, Parameter<unknown>]): string {
  const attributes = { name, 'unique-group': parameter.uniqueGroup, reloadable: parameter.reloadable && '1' }
  const parts = [deprecatedElement(parameter.deprecated), longAndShort(parameter), contentElement(parameter)]
  return `${tag('parameter', attributes)}
${parts.filter(part => part !== undefined).join('\n')}
</parameter>`
}

function deprecatedElement(deprecated: Deprecation | undefined): string | undefined {
  if (deprecated === undefined) return undefined
  const successors = deprecated.replacedWith.map(name => tag('replaced-with', { name }, '/')).join('')
  return `<deprecated>${successors}<desc lang="en">${escapeXml(`It ${deprecated.advice}.`)}</desc></deprecated>`
}

function contentElement({ type, options, default: text }: Parameter<unknown>): string {
  const attributes = { type, default: text === '' ? undefined : text }
  if (options === undefined) return tag('content', attributes, '/')
  return `${tag('content', attributes)}${options.map(value => tag('option', { value }, '/')).join('')}</content>`
}

function actionElement({ name, role, intervalSeconds, timeoutSeconds }: AdvertisedAction): string {
  const interval = intervalSeconds && `${intervalSeconds}s`
  return tag('action', { name, timeout: `${timeoutSeconds}s`, interval, role }, '/')
}

const longAndShort = ({ long, short }: { readonly long: string; readonly short: string }) =>
  `<longdesc lang="en">${escapeXml(long)}</longdesc>\n<shortdesc lang="en">${escapeXml(short)}</shortdesc>`

/** An opening tag, or with the end '/' an element without content. Attributes that are undefined are left out. */
function tag(name: string, attributes: Readonly<Record<string, string | undefined | 0>>, end: '' | '/' = ''): string {
  const set = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return `<${name}${set.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('')}${end}>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, character => ENTITIES[character] ?? character)
