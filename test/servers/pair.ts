import { follow, type Source } from '../../lib/mysql/follow.ts'
import { openWrites } from '../../lib/mysql/write-gate.ts'
import type { ServerFarm } from './farm.ts'
import { soon, type TestServer } from './test-server.ts'

export const REPLICATION = { user: 'replicator', password: "r'\\p" } as const

/** Let the server take writes, and give it a table and an account for replicas. */
export async function makeSource(server: TestServer): Promise<void> {
  await openWrites(...server.talk, soon())
  await server.query("CREATE USER replicator@'%' IDENTIFIED BY 'r''\\\\p'")
  await server.query("GRANT REPLICATION SLAVE ON *.* TO replicator@'%'")
  await server.query('CREATE DATABASE d')
  await server.query('CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, content LONGBLOB) ENGINE = InnoDB')
}

/** The server as a source to follow. */
export function sourceAt({ port }: TestServer, change: Partial<Source> = {}): Source {
  return { host: '127.0.0.1', port, account: REPLICATION, tls: { mode: 'off' }, from: 'gtid', ...change }
}

/** A source, and a replica that follows it by GTID. */
export async function startPair(
  farm: ServerFarm,
  options: readonly string[] = [],
): Promise<{ readonly source: TestServer; readonly replica: TestServer }> {
  const [source, replica] = await Promise.all([farm.start(options), farm.start(options)])
  await makeSource(source)
  await follow(...replica.talk, sourceAt(source), soon())
  return { source, replica }
}

/** The same with changes in rows, which several threads of the replica apply. */
export function startParallelPair(farm: ServerFarm): ReturnType<typeof startPair> {
  const parallel = farm.engine.flavour === 'mariadb' ? ['slave_parallel_threads=2'] : [] // MySQL's default is 4
  return startPair(farm, ['binlog_format=ROW', ...parallel])
}
