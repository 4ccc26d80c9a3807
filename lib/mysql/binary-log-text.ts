import { command } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { FlavourName } from './server-facts.ts'

/** The server's own program that turns binary logs into text. */
export const LOG_READER: Readonly<Record<FlavourName, string>> = { mysql: 'mysqlbinlog', mariadb: 'mariadb-binlog' }

/** A part of a binary log, from one event to the end of another. */
export interface LogPart {
  readonly file: string
  readonly start: number
  readonly end: number
}

/**
 * What a part of a binary log says, by the server's own reader: for people with the rows before and after each change, or as
 * statements that a server can execute, with the rows as comments.
 * With `appendTo` the text goes to the end of that file, and the answer is empty.
 * Throws Failure `not-installed` without the program, and `rejected` when it cannot read the log.
 */
export async function describeLog(
  reader: string,
  { file, start, end }: LogPart,
  form: 'for people' | 'for servers',
  deadline: Deadline,
  appendTo?: string,
): Promise<string> {
  const encoding = form === 'for people' ? ['--base64-output=DECODE-ROWS'] : []
  const args = ['--no-defaults', ...encoding, '--verbose', `--start-position=${start}`, `--stop-position=${end}`, file]
  const { exitCode, stdout, stderr } = await command(reader, args, {
    deadline,
    ...(appendTo !== undefined && { appendTo }),
  })
  if (exitCode === 0) return stdout
  throw new Failure('rejected', `${reader} cannot read ${file} from ${start} on: ${stderr.trim()}`)
}

/** What a transaction did, out of the text for people: without comments about events and settings of the session. */
export function changesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map(line => line.replace(/^### ?/, ''))
    .filter(line => line !== '' && !NOISE.test(line))
}

const NOISE = /^(#|\/\*M?!|\*\/|SET |DELIMITER |BEGIN\b|COMMIT\b|ROLLBACK\b|START TRANSACTION|BINLOG|use )/

/** When it was written, as the text has it; undefined where it does not say. */
export function timeIn(text: string): string | undefined {
  const [, year, month, day, time] = /^#(\d\d)(\d\d)(\d\d)\s+(\d+:\d\d:\d\d) server id/m.exec(text) ?? []
  return time === undefined ? undefined : `20${year}-${month}-${day} ${time.padStart(8, '0')}`
}
