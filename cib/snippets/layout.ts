import type { Expression, Operation, Resource, Rule, Setting } from './configuration.ts'

const WIDTH = 110

/** Sentences as comment lines, each sentence beginning a line of its own. */
export const comment = (sentences: readonly string[]): string =>
  sentences
    .map(
      sentence =>
        `${wrap(sentence)
          .map(line => `# ${line}`)
          .join('\n')}\n`,
    )
    .join('')

/** A sentence on lines of a width to read, all but the first indented. */
export function wrap(sentence: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = `  ${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** A command with its parts on lines of their own, as a shell and crmsh continue them. */
export const command = (first: string, parts: readonly string[]): string => `${[first, ...parts].join(' \\\n  ')}\n`

/** A text as a comment, each command of it on one line: who fills it in removes the mark. */
export const commentedOut = (text: string): string => text.replaceAll(/ \\\n +/g, ' ').replaceAll(/^(?=.)/gm, '# ')

/** `name=value`, quoted where a shell or crmsh would split it. */
export const pair = ({ name, value }: Setting): string => `${name}=${quote(value)}`

/** A word as one argument for a shell; crmsh reads quotes the same way. */
function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** `op` words of one operation, the same for both tools. */
export function operation({ name, timeoutSeconds, intervalSeconds = 0, role }: Operation): string {
  const words = [name, ...(role === undefined ? [] : [`role=${role}`])]
  return [...words, `interval=${intervalSeconds}s`, `timeout=${timeoutSeconds}s`].join(' ')
}

/** A rule in the words that crm and pcs share. */
export const ruleWords = ({ match, expressions }: Rule): string => expressions.map(expressionWords).join(` ${match} `)

const expressionWords = (expression: Expression): string =>
  expression.is === 'not_defined'
    ? `not_defined ${expression.attribute}`
    : `${expression.attribute} ${expression.is} ${expression.value}`

/** Why a resource is as it is, as sentences that name the setting. */
export const reasons = ({ id, because, parameters, operations, meta, promotable }: Resource): readonly string[] => [
  `${id}: ${because}`,
  ...parameters.flatMap(reason),
  ...operations.flatMap(({ name, role, because }) =>
    because === undefined ? [] : [`${role === undefined ? name : `${name} ${role}`}: ${because}`],
  ),
  ...[...meta, ...(promotable?.meta ?? [])].flatMap(reason),
]

/** Why a setting has its value; nothing where the value is the user's own. */
export const reason = ({ name, value, because }: Setting): readonly string[] =>
  because === undefined ? [] : [`${name}=${value}: ${because}`]
