import { Deadline } from '../../lib/system/deadline.ts'
import { runOn, signalServer } from '../lab/damage.ts'
import type { Lab } from '../lab/lab.ts'

/** One way of copying a server's data, and what it took. */
export interface SeedRun {
  readonly way: string
  readonly bytes: number
  readonly milliseconds: number
}

const DATA = '/var/lib/mysql'
/** On the same disk as the data; MySQL's server must be able to make it. */
const COPY = '/var/lib/mysql-copy'

const long = () => Deadline.in(3600_000)
const run = (lab: Lab, node: string, argv: readonly string[]) => runOn(lab, node, argv, { deadline: long() })

/** Fill the source with so many bytes, until every node has them. The binary logs go on the way: all nodes share one disk. */
export async function fill(lab: Lab, source: string, bytes: number): Promise<void> {
  await lab.sql(source, 'CREATE DATABASE bulk; CREATE TABLE bulk.t (id INT AUTO_INCREMENT PRIMARY KEY, text LONGTEXT)')
  for (let batch = 1; batch * BATCH_BYTES < bytes + BATCH_BYTES; batch++) {
    await run(lab, source, [lab.engine.client, '--execute', BATCH])
    if (batch % BATCHES_IN_LOGS === 0) await letGoOfLogs(lab, source)
  }
  await letGoOfLogs(lab, source)
}

async function letGoOfLogs(lab: Lab, source: string): Promise<void> {
  const count = await lab.sql(source, 'SELECT COUNT(*) FROM bulk.t')
  for (const node of lab.nodes) {
    const isThere = async () =>
      String(await lab.sql(node, 'SELECT COUNT(*) FROM bulk.t')) === String(count) || undefined
    await lab.waitFor(`the data on ${node}`, isThere, long())
    await lab.sql(node, 'FLUSH LOCAL BINARY LOGS')
    const logs = await lab.sql(node, 'SHOW BINARY LOGS')
    await lab.sql(node, `PURGE BINARY LOGS TO '${logs.at(-1)?.[0]}'`)
  }
}

const ROWS = 64
const ROW_BYTES = 32 * 16_384
const BATCH_BYTES = ROWS * ROW_BYTES
/** About a gigabyte. */
const BATCHES_IN_LOGS = 30
const BATCH = `INSERT INTO bulk.t (text) VALUES ${new Array(ROWS).fill('(REPEAT(SHA2(RAND(), 256), 8192))').join(', ')}`

/** The ways by hand, into a directory beside the data of a replica that goes on running. */
export async function* byHand(lab: Lab, node: string): AsyncGenerator<SeedRun> {
  for (const [way, commands] of Object.entries(WAYS[lab.engine.flavour])) {
    await run(lab, node, ['sh', '-ec', `rm -rf ${COPY}; install -d -o mysql -g mysql ${COPY}`])
    const begin = performance.now()
    for (const argv of commands) await run(lab, node, argv)
    const milliseconds = performance.now() - begin
    yield { way, bytes: await occupied(lab, node, COPY), milliseconds }
  }
  await run(lab, node, ['rm', '-rf', COPY])
}

const CP = ['cp', '-a', `${DATA}/.`, COPY]
const SYNC = ['sync', '--file-system', COPY]
const WAYS = {
  mariadb: {
    'plain cp': [CP, SYNC],
    'mariadb-backup by hand': [
      ['mariadb-backup', '--backup', `--target-dir=${COPY}`],
      ['mariadb-backup', '--prepare', `--target-dir=${COPY}`],
      SYNC,
    ],
  },
  mysql: {
    'plain cp': [CP, SYNC],
    'CLONE by hand': [['mysql', '--execute', `CLONE LOCAL DATA DIRECTORY = '${COPY}/data'`], SYNC],
  },
} as const

/** Give a node that has lost its data new ones with one command; measured from the command to a replica that trails no more. */
export async function bySeed(lab: Lab, node: string): Promise<SeedRun> {
  await signalServer(lab, node, 'KILL')
  await run(lab, node, ['find', DATA, '-mindepth', '1', '-maxdepth', '1', '-exec', 'rm', '-rf', '{}', '+'])
  const begin = performance.now()
  console.log(await run(lab, node, ['heir', 'seed']))
  const milliseconds = performance.now() - begin
  return { way: 'heir seed', bytes: await occupied(lab, node, DATA), milliseconds }
}

/** Without binary and relay logs, which no copy but the plain one takes along. */
async function occupied(lab: Lab, node: string, directory: string): Promise<number> {
  const logs = ['binlog.*', 'relay*'].flatMap(pattern => ['--exclude', pattern])
  const answer = await run(lab, node, ['du', '--summarize', '--block-size=1', ...logs, directory])
  return Number(answer.split('\t')[0])
}
