import { setTimeout as delay } from 'node:timers/promises'
import type { Account, Connection, SourceTls } from '../mysql/connection.ts'
import { escapeText } from '../mysql/literal.ts'
import type { Deadline } from '../system/deadline.ts'
import { endHelper, type HelperOptions, helperSession, initialise, startHelper } from './helper-server.ts'
import type { Report } from './progress.ts'

/** Whose data to copy, by MySQL's CLONE plugin, and where to. */
export interface CloneOptions {
  readonly helper: HelperOptions
  readonly donor: { readonly host: string; readonly port: number; readonly account: Account; readonly tls: SourceTls }
  /** Libraries of the plugins that the donor runs: CLONE demands that the recipient has them. */
  readonly libraries: readonly string[]
  /** A directory that is not there yet. */
  readonly directory: string
  readonly report: Report
}

const CLONE_LIBRARY = 'mysql_clone.so'
const PROGRESS_MS = 500

/**
 * Have a server of our own copy the donor's data into a directory: so the data that are there stay until the copy is whole, and
 * no server has to be restarted by itself. What was executed comes with the data.
 * Throws Failure `rejected` with what the servers say.
 */
export async function clone(options: CloneOptions, deadline: Deadline): Promise<void> {
  const { helper, libraries } = options
  const plugins = [...new Set([...libraries, CLONE_LIBRARY])].map(library => `--plugin-load-add=${library}`)
  await initialise(helper, deadline)
  const connection = await startHelper({ ...helper, options: [...helper.options, ...plugins] }, deadline)
  try {
    await Promise.race([copy(connection, options, deadline), watch(options, deadline)])
  } finally {
    connection.close()
    await endHelper(helper.dataDirectory, 'SIGKILL', deadline)
  }
  await forgetSources(options, plugins, deadline)
}

/** With the data of a replica comes whom it followed, and how far it was in a relay log that does not come with them. */
async function forgetSources(
  { helper, directory }: CloneOptions,
  plugins: readonly string[],
  deadline: Deadline,
): Promise<void> {
  const own = { ...helper, dataDirectory: directory, options: [...helper.options, ...plugins, ...WITH_GTIDS] }
  const connection = await startHelper(own, deadline)
  try {
    await connection.query('RESET REPLICA ALL', deadline)
  } finally {
    connection.close()
    await endHelper(directory, 'SIGTERM', deadline)
  }
}

/** The data are those of a server that has them. */
const WITH_GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON']

async function copy(connection: Connection, { donor, directory }: CloneOptions, deadline: Deadline): Promise<void> {
  const { host, port, account, tls } = donor
  const files = { ca: tls.ca, cert: tls.cert, key: tls.key }
  for (const [name, file] of Object.entries(files)) {
    if (file !== undefined) await connection.query(`SET GLOBAL clone_ssl_${name} = ${escapeText(file)}`, deadline)
  }
  await connection.query(`SET GLOBAL clone_valid_donor_list = ${escapeText(`${host}:${port}`)}`, deadline)
  await connection.query(
    `CLONE INSTANCE FROM ${escapeText(account.user)}@${escapeText(host)}:${port}
      IDENTIFIED BY ${escapeText(account.password ?? '')} DATA DIRECTORY = ${escapeText(directory)}${tls.mode === 'off' ? '' : ' REQUIRE SSL'}`,
    deadline,
  )
}

/** Tell how far it is, until the copy settles the race. */
async function watch({ helper, report }: CloneOptions, deadline: Deadline): Promise<never> {
  const connection = await helperSession(helper, deadline)
  for (;;) {
    const [row] = await connection.query(
      'SELECT SUM(ESTIMATE) AS total, SUM(DATA) AS done FROM performance_schema.clone_progress',
      deadline,
    )
    const total = Number(row?.['total'] ?? 0)
    report({ stage: 'copying', doneBytes: Number(row?.['done'] ?? 0), totalBytes: total > 0 ? total : undefined })
    await delay(PROGRESS_MS)
  }
}
