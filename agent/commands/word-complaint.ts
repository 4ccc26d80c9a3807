import { CHECK_OPTIONS } from './check-request.ts'
import { CONFIGURE_OPTIONS } from './configure-options.ts'
import { PROMOTE_OPTIONS } from './promote.ts'
import { REJOIN_OPTIONS } from './rejoin-options.ts'
import { SEED_OPTIONS } from './seed-options.ts'
import { SITE_OPTIONS } from './site-options.ts'
import { SWITCHOVER_OPTIONS } from './switchover.ts'

const OPTIONS = Object.entries({
  ...{ ...CHECK_OPTIONS, ...CONFIGURE_OPTIONS, ...PROMOTE_OPTIONS, ...REJOIN_OPTIONS },
  ...{ ...SEED_OPTIONS, ...SITE_OPTIONS, ...SWITCHOVER_OPTIONS },
})

const isFlag = (option: object) => 'type' in option && option.type === 'boolean'

const FLAGS = OPTIONS.flatMap(([name, option]) => (isFlag(option) ? [name] : []))

/** The words that stand before a value. */
export const VALUED = OPTIONS.flatMap(([name, option]) => (isFlag(option) ? [] : [name]))

/** The words that may be given again and again. */
const LISTS = OPTIONS.flatMap(([name, option]) => ('array' in option ? [name] : []))

/** A day: longer than anybody waits at a terminal. */
const LONGEST_SECONDS = 86_400

/** What a line without a command is answered. */
export const NAMELESS = 'name a command: "heir --help" lists them'

/** What is wrong with words as they were typed, in one sentence with the remedy: yargs takes these for something else. */
export function typedComplaint(words: readonly string[]): string | undefined {
  const empty = words.findIndex(word => word === '' || /^--[\w-]+=$/.test(word))
  const before = words[empty] === '' ? words[empty - 1] : words[empty]?.slice(0, -1)
  if (empty >= 0) return before === undefined ? NAMELESS : `${before} has no value: write one behind it`
  const odd = words.find(word => /^--[\w-]+=(?!(true|false)$)/.test(word) && FLAGS.includes(nameOf(word)))
  return odd === undefined
    ? undefined
    : `${odd} is neither true nor false: write --${nameOf(odd)} alone, or leave it out`
}

const nameOf = (word: string) => word.slice(2).split('=', 1)[0] ?? ''

/** What is wrong with words that yargs has read; some names come in two spellings there, of which one is enough. */
export function readComplaint(words: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(words).filter(name => name !== '_' && !/[A-Z]/.test(name))
  const twin = names.find(name => Array.isArray(words[name]) && !LISTS.includes(name))
  if (twin !== undefined) return `--${twin} is given twice: give it once`
  const vague = names.find(name => Number.isNaN(words[name]))
  if (vague !== undefined) return `--${vague} is no number: write digits behind it`
  const { _: commands, timeout } = words
  if (Array.isArray(commands) && commands[0] === 'check') return undefined // it has bounds of its own
  if (typeof timeout !== 'number' || (timeout > 0 && timeout <= LONGEST_SECONDS)) return undefined
  return `--timeout ${timeout} is no number of seconds to wait: use 1 to ${LONGEST_SECONDS}`
}
