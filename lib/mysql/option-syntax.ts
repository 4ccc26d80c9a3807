import { Failure } from '../system/failure.ts'

/** Options by section; names in the form with underscores. The last of several equal names counts. */
export type OptionFile = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * Read text in the syntax of a server's option file (MySQL manual, "Using Option Files"): sections, `name=value`, quotes
 * around a value, `\\s` for a space in it, comments. `path` is for the error.
 * Throws Failure `misconfigured` with the number of a line that is none of that; include directives are not followed.
 */
export function parseOptionFile(path: string, text: string): OptionFile {
  const sections = new Map<string, Map<string, string>>()
  let current: Map<string, string> | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trim()
    if (content === '' || /^[#;]/.test(content)) continue
    const [, section] = /^\[\s*([^\]]*?)\s*\]$/.exec(content) ?? []
    if (section !== undefined) {
      current = sections.get(section) ?? new Map()
      sections.set(section, current)
      continue
    }
    const option = parseOption(content)
    if (option === undefined || current === undefined) {
      const problem = `line ${index + 1} is neither a section nor an option of one: write [section] or name = value`
      throw new Failure('misconfigured', `${path}: ${problem}`)
    }
    current.set(...option)
  }
  return sections
}

/** The words between names and quotes: `user = 'a b' # comment`. */
const OPTION = /^([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^#]*?))\s*(?:#.*)?$/

function parseOption(line: string): [name: string, value: string] | undefined {
  const [, name, inDoubleQuotes, inSingleQuotes, bare] = OPTION.exec(line) ?? []
  const value = inDoubleQuotes ?? inSingleQuotes ?? bare
  return name === undefined || value === undefined ? undefined : [name.replaceAll('-', '_'), unescaped(value)]
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', r: '\r', s: ' ' }

/** A backslash before anything else stands for itself, but before a backslash or a quote. */
function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (whole, next: string) => ESCAPES[next] ?? (/[\\"']/.test(next) ? next : whole))
}
