import type { ConfigureArguments } from './configure-request.ts'
import { duplicate } from './settings.ts'

/** Long enough that a node which fails again and again does so before it has clients. */
export const FAILBACK_SECONDS = 60

/** The parameters that the words about preference stand for, as `parameter=value`. */
function preferenceSettings({ prefer, failback }: ConfigureArguments): readonly string[] {
  return [
    ...(prefer === '' ? [] : [`preferred_nodes=${preferred(prefer).join(',')}`]),
    ...(failback ? [`failback_after=${FAILBACK_SECONDS}`] : []),
  ]
}

/** What is wrong with these words, in one sentence with the remedy; undefined when they make sense. */
export function preferenceComplaint(words: ConfigureArguments, nodes: readonly string[]): string | undefined {
  const { prefer, failback, set } = words
  if (failback && prefer === '') return 'nobody is preferred to go back to: add --prefer with a node'
  const stranger = prefer === '' ? undefined : preferred(prefer).find(node => !nodes.includes(node))
  if (stranger !== undefined) return `prefer names "${stranger}", which is no node: use ${nodes.join(', ')}`
  const names = [...set, ...preferenceSettings(words)].map(text => text.split('=', 1)[0] ?? '')
  const twin = duplicate(names.filter(name => name === 'preferred_nodes' || name === 'failback_after'))
  return twin === undefined ? undefined : `parameter ${twin} is set twice: set it by --set alone, or leave it out there`
}

/** All parameters that the words set. */
export const allSettings = (words: ConfigureArguments): readonly string[] => [
  ...words.set,
  ...preferenceSettings(words),
]

const preferred = (text: string): readonly string[] => text.split(',').map(node => node.trim())
