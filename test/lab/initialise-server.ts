import { basename } from 'node:path'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { Engine } from './engines.ts'
import type { Rack } from './rack.ts'

const INITIALISE: Record<FlavourName, readonly string[]> = {
  mariadb: ['mariadb-install-db', '--user=mysql', '--skip-test-db', '--force'], // no need to resolve its host name,
  mysql: ['mysqld', '--initialize-insecure', '--user=mysql'],
}

/** Initialisation must write, whatever the configuration says for later. */
const WRITABLE: Record<FlavourName, readonly string[]> = {
  mariadb: ['--read-only=OFF'],
  mysql: ['--read-only=OFF', '--super-read-only=OFF'],
}

/**
 * What copies of the data directory need. MariaDB counts only its own server id in gtid_current_pos: a copy with another id knows the
 * history only from gtid_slave_pos.
 */
const LAST_STATEMENTS: Record<FlavourName, string> = {
  mariadb: 'SET GLOBAL gtid_slave_pos = @@gtid_binlog_pos; SHUTDOWN;',
  mysql: 'SHUTDOWN;',
}

/** Make a data directory on the machine and run the statements on it; the server is stopped again. */
export async function initialiseServer(rack: Rack, machine: string, engine: Engine, statements: readonly string[]) {
  const run = async (argv: readonly string[], input = '') => {
    const { exitCode, stdout, stderr } = await rack.exec(machine, argv, { input, deadline: Deadline.in(60_000) })
    if (exitCode !== 0) throw new Failure('rejected', `${argv[0]}: ${stderr || stdout}`)
  }
  await run(['install', '-d', '-o', 'mysql', '-g', 'mysql', '-m', '750', '/var/lib/mysql'])
  await run(INITIALISE[engine.flavour])
  const server = [engine.server, '--user=mysql', ...WRITABLE[engine.flavour]].join(' ')
  await run(['sh', '-c', `${server} >/var/log/mysql/initialise.log 2>&1 &`])
  await serverAnswers(rack, machine, engine)
  await run([engine.client], [...statements, LAST_STATEMENTS[engine.flavour]].join('\n'))
  await serverEnded(rack, machine, engine)
  await run(['rm', '-f', '/var/lib/mysql/auto.cnf']) // each copy gets a server_uuid of its own
}

async function serverAnswers(rack: Rack, machine: string, engine: Engine): Promise<void> {
  const answered = await Deadline.in(60_000).poll(50, async () => {
    const { exitCode } = await rack.exec(machine, [engine.client, '-e', 'SELECT 1'])
    return exitCode === 0 || undefined
  })
  if (!answered) throw new Failure('timed-out', `${engine.server}: does not answer after its initialisation`)
}

async function serverEnded(rack: Rack, machine: string, engine: Engine): Promise<void> {
  const ended = await Deadline.in(60_000).poll(50, async () => {
    const { exitCode } = await rack.exec(machine, ['pgrep', '-x', basename(engine.server)])
    return exitCode === 1 || undefined
  })
  if (!ended) throw new Failure('timed-out', `${engine.server}: does not end after its initialisation`)
}
