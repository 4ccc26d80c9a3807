import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import type { LogPlace } from '../lib/mysql/binary-log-files.ts'
import { readServerDefaults, type ServerDefaults } from '../lib/mysql/server-defaults.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { findBinary } from './find-binary.ts'
import type { Parameters } from './parameters.ts'
import type { Session } from './session.ts'

/** Where the server of this session, which is not running, keeps its binary logs. Throws Failure `misconfigured`. */
export async function logPlace({ parameters, deadline }: Session): Promise<LogPlace> {
  const dataDirectory = parameters.datadir
  const { logIndex } = await defaultsOf(parameters, deadline)
  if (logIndex === undefined) {
    throw new Failure('misconfigured', 'the configuration of mysqld does not name its binary log: set log_bin')
  }
  return { indexFile: resolve(dataDirectory, logIndex), dataDirectory }
}

/** What the server wrote into its error log; empty where there is none. */
export async function readErrorLog({ parameters, deadline }: Session): Promise<string> {
  const name = parameters.log ?? (await defaultsOf(parameters, deadline)).errorLog ?? 'mysqld.err'
  const path = resolve(parameters.datadir, extname(name) === '' ? `${name}.err` : name) // as MariaDB completes it
  return readFile(path, 'utf8').catch(() => '')
}

async function defaultsOf(parameters: Parameters, deadline: Deadline): Promise<ServerDefaults> {
  const { datadir: dataDirectory, config, user, additional_parameters: additional } = parameters
  const binary = await findBinary(parameters)
  return readServerDefaults({ binary, config, dataDirectory, user, additional }, deadline)
}
