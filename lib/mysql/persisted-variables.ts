import { readFileSync } from 'node:fs'
import { Failure } from '../system/failure.ts'
import { UNDOING_PERSISTED } from './flavour.ts'

const FILE = 'mysqld-auto.cnf'

/**
 * Refuse a data directory in which MySQL's SET PERSIST has left a variable that would open the server, make it replicate or
 * throw away its relay log as soon as it starts: what is persisted outranks the command line.
 * Throws Failure `rejected`, naming the file and the variable, and `unintelligible` for a file that is no such list.
 */
export function expectHarmlessPersisted(dataDirectory: string): void {
  const path = `${dataDirectory}/${FILE}`
  const text = readIfAny(path)
  if (text === undefined) return
  for (const [name, value] of persisted(parse(path, text))) {
    if (UNDOING_PERSISTED[name] !== undefined && isOn(value) === (UNDOING_PERSISTED[name] === 'ON')) {
      throw new Failure('rejected', `${path} persists ${name} = ${value}, against the agent: delete that entry from it`)
    }
  }
}

/** Every variable of the file with its value: they stand in groups, which differ between versions of MySQL. */
function* persisted(group: object): Generator<readonly [name: string, value: string]> {
  for (const [name, content] of Object.entries(group)) {
    if (typeof content !== 'object' || content === null) continue
    if ('Value' in content) yield [name, String(content.Value)]
    else yield* persisted(content)
  }
}

const isOn = (value: string) => value === 'ON' || value === '1'

function parse(path: string, text: string): object {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch (cause) {
    throw new Failure('unintelligible', `${path}: no list of persisted variables`, { cause })
  }
  throw new Failure('unintelligible', `${path}: no list of persisted variables`)
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
