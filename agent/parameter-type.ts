/** A value that was read, or what is wrong with its text: the end of a sentence that begins with the parameter. */
export type Reading<Value> = { readonly value: Value } | { readonly fault: string }

/** What people read about a parameter, and what front ends need to know of it. */
export interface Description {
  readonly short: string
  readonly long: string
  /** The value as text when the user sets none. */
  readonly default?: string
  /** Instances that share all parameters of one group cannot run side by side (OCF 1.1, `unique-group`). */
  readonly uniqueGroup?: string
  /** Takes effect with the next action, without a restart (OCF 1.1, `reloadable`). */
  readonly reloadable?: true
  /** Its value must never be printed. */
  readonly secret?: true
  readonly deprecated?: Deprecation
}

/** A parameter that is still understood, or at least tolerated, so that a configuration of another agent keeps working. */
export interface Deprecation {
  /** Names of the parameters to use instead. */
  readonly replacedWith: readonly string[]
  /** What to do about it: the end of a sentence that begins with the parameter. */
  readonly advice: string
}

/** One parameter: how front ends show it, and how its text becomes a value. */
export interface Parameter<Value> extends Description {
  readonly type: 'string' | 'integer' | 'boolean' | 'select'
  readonly default: string
  /** The words it can be, for the type `select`. */
  readonly options?: readonly string[]
  readonly read: (text: string) => Reading<Value>
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/

/** An absolute path. Double and trailing slashes are dropped, so that two spellings of one path are equal. */
export const path = (description: Description, maxBytes = 4095): Parameter<string> =>
  stringParameter(description, text => {
    if (!text.startsWith('/') || CONTROL_CHARACTER.test(text) || text !== text.trim()) {
      return { fault: 'is not an absolute path: begin it with / and use printable characters only' }
    }
    if (text.split('/').includes('..')) return { fault: 'goes up with "..": write the path that it leads to' }
    const value = text.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '')
    if (value === '/') return { fault: 'is the root directory: name a file or directory below it' }
    if (Buffer.byteLength(value) > maxBytes) {
      return { fault: `has more than ${maxBytes} bytes: use a shorter path` }
    }
    return { value }
  })

/** The name of an operating system user or group (useradd(8): up to 32 characters). */
export const osName = (description: Description): Parameter<string> =>
  stringParameter(description, text =>
    /^[a-z_][a-z0-9_.-]{0,30}[a-z0-9_.$-]?$/i.test(text)
      ? { value: text }
      : { fault: 'is not a name of a user or group: use up to 32 letters, digits, "_", "-" and "."' },
  )

/** Text without line breaks and other control characters, of limited length. */
export const line = (description: Description, maxCharacters: number): Parameter<string> =>
  stringParameter(description, text => {
    if (CONTROL_CHARACTER.test(text)) return { fault: 'contains a line break or control character: remove it' }
    if ([...text].length > maxCharacters)
      return { fault: `has more than ${maxCharacters} characters: choose a shorter one` }
    return { value: text }
  })

/** A whole number of `unit`s from min to max. */
export function integer(
  description: Description,
  { min, max, unit }: { readonly min: number; readonly max: number; readonly unit: string },
): Parameter<number> {
  const fault = `is not a ${unit}: use a whole number from ${min} to ${max}`
  const read = (text: string) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? { value } : { fault }
  }
  return { ...described(description), type: 'integer', read }
}

const TRUE_WORDS = ['true', 'yes', 'on', '1', 'y']
const FALSE_WORDS = ['false', 'no', 'off', '0', 'n']

/** True or false, in any of the spellings that Pacemaker and other agents take. */
export function boolean(description: Description): Parameter<boolean> {
  const read = (text: string) => {
    const word = text.toLowerCase()
    if (TRUE_WORDS.includes(word)) return { value: true }
    if (FALSE_WORDS.includes(word)) return { value: false }
    return { fault: 'is neither true nor false: use "true" or "false"' }
  }
  return { ...described(description), type: 'boolean', read }
}

/** One of a closed set of words. */
export function select<const Option extends string>(
  description: Description,
  options: readonly Option[],
): Parameter<Option> {
  const read = (text: string) => {
    const value = options.find(option => option === text)
    return value === undefined ? { fault: `is not possible: use ${options.join(' or ')}` } : { value }
  }
  return { ...described(description), type: 'select', options, read }
}

/** A text parameter with a way of reading of its own. */
export const stringParameter = <Value>(
  description: Description,
  read: (text: string) => Reading<Value>,
): Parameter<Value> => ({ ...described(description), type: 'string', read })

/** The same parameter, with undefined for "not set": it has no default. */
export const optional = <Value>(parameter: Parameter<Value>): Parameter<Value | undefined> => ({
  ...parameter,
  read: text => (text === '' ? { value: undefined } : parameter.read(text)),
})

const described = (description: Description) => ({ default: '', ...description })
