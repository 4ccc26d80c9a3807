import { PARAMETERS } from '../parameter-table.ts'
import type { Environment } from '../parameters.ts'

/** One parameter that the words of a command line set. */
export interface WordSetting {
  readonly name: string
  readonly value: string
}

/** The parameters that `parameter=value` words set, in their order. */
export const settingsIn = (words: readonly string[]): readonly WordSetting[] =>
  words.map(text => ({ name: text.split('=', 1)[0] ?? '', value: text.slice(text.indexOf('=') + 1) }))

/** The same as an action has them in its environment. */
export const environmentOf = (words: readonly string[]): Environment =>
  Object.fromEntries(settingsIn(words).map(({ name, value }) => [`OCF_RESKEY_${name}`, value]))

/** What is wrong with such words, in one sentence with the remedy; undefined when they make sense. */
export function settingsComplaint(words: readonly string[]): string | undefined {
  const settings = settingsIn(words)
  // An empty value is as good as none for the agent, and the tools do not agree on what it is.
  const bare = settings.find(({ value }, index) => value === '' || !words[index]?.includes('='))
  if (bare !== undefined) return `--set ${bare.name} has no value: write --set ${bare.name}=VALUE`
  const names = settings.map(({ name }) => name)
  const unknown = names.find(name => !Object.hasOwn(PARAMETERS, name))
  if (unknown !== undefined) return `parameter "${unknown}" is unknown: "heir meta-data" lists the parameters`
  const twin = duplicate(names)
  return twin === undefined ? undefined : `parameter ${twin} is set twice: set it once`
}

/** The first word that stands there more than once. */
export const duplicate = (words: readonly string[]): string | undefined =>
  words.find((word, index) => words.indexOf(word) !== index)
