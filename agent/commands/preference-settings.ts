import type { ConfigureArguments } from './configure-request.ts'
import { duplicate, settingsIn } from './settings.ts'

/** Long enough that a node which fails again and again does so before it has clients. */
export const FAILBACK_SECONDS = 60

/**
 * The parameters that words about the topology stand for, as `parameter=value`. Of a pair both are promoted: there preference
 * is about the address.
 */
function impliedSettings({ topology, prefer, failback }: ConfigureArguments): readonly string[] {
  if (topology === 'multi-primary') return ['topology=multi-primary']
  return [
    ...(prefer === '' ? [] : [`preferred_nodes=${preferredNodes(prefer).join(',')}`]),
    ...(failback ? [`failback_after=${FAILBACK_SECONDS}`] : []),
  ]
}

/** What is wrong with these words, in one sentence with the remedy; undefined when they make sense. */
export function preferenceComplaint(words: ConfigureArguments, nodes: readonly string[]): string | undefined {
  const { prefer, failback, set, topology } = words
  if (failback && prefer === '') return 'nobody is preferred to go back to: add --prefer with a node'
  const setting = settingsIn(set).find(({ name }) => name === 'preferred_nodes')?.value ?? ''
  const stranger = [...preferredNodes(prefer), ...preferredNodes(setting)].find(node => !nodes.includes(node))
  if (stranger !== undefined) return `preferred is "${stranger}", which is no node: use ${nodes.join(', ')}`
  if (set.some(text => text.startsWith('topology=') && text !== `topology=${topology}`))
    return `--set topology contradicts the topology ${topology}: say it as --topology alone`
  const names = [...set, ...impliedSettings(words)].map(text => text.split('=', 1)[0] ?? '')
  const twin = duplicate(names.filter(name => ['preferred_nodes', 'failback_after', 'topology'].includes(name)))
  return twin === undefined ? undefined : `parameter ${twin} is set twice: set it by --set alone, or leave it out there`
}

/** All parameters that the words set. */
export const allSettings = (words: ConfigureArguments): readonly string[] => [...words.set, ...impliedSettings(words)]

/** The nodes in such a word; none in an empty one. */
export const preferredNodes = (text: string): readonly string[] =>
  text === '' ? [] : text.split(',').map(node => node.trim())
