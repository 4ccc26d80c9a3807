import { follow } from '../../lib/mysql/follow.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { openWrites } from '../../lib/mysql/write-gate.ts'
import { APPLICATION, APPLICATION_SCHEMA } from '../lab/accounts.ts'
import { judge } from '../lab/judge.ts'
import type { Attempt } from '../lab/write-record.ts'
import type { ServerFarm } from './farm.ts'
import { homeOf, type KeepalivedNodes, NODES, type NodeName } from './keepalived-nodes.ts'
import { makeSource, sourceAt } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

const PORT = 3306

/** Each has its numbers, and on MariaDB its domain. */
const optionsOf = (number: number, flavour: FlavourName) => [
  ...[`port=${PORT}`, `server_id=${number}`, 'bind_address=0.0.0.0', 'skip_name_resolve=ON'],
  ...['auto_increment_increment=2', `auto_increment_offset=${number}`],
  ...(flavour === 'mariadb' ? [`gtid_domain_id=${number}`] : []),
]

/** Two servers that both take writes and replicate from each other, each on a node; with the tables of the write client. */
export class Primaries {
  readonly #servers: ReadonlyMap<NodeName, TestServer>

  private constructor(servers: ReadonlyMap<NodeName, TestServer>) {
    this.#servers = servers
  }

  static async start(farm: ServerFarm, nodes: KeepalivedNodes): Promise<Primaries> {
    const started = NODES.map(async (node, index) => {
      return [node, await farm.start(optionsOf(index + 1, farm.engine.flavour), nodes.pidOf(node))] as const
    })
    const primaries = new Primaries(new Map(await Promise.all(started)))
    const alpha = primaries.on('alpha')
    await makeSource(alpha)
    const statements = APPLICATION_SCHEMA.split(';\n').filter(text => text.trim() !== '')
    for (const statement of statements) await alpha.query(statement)
    await primaries.replicate('beta', 'alpha')
    await openWrites(...primaries.on('beta').talk, soon())
    await primaries.replicate('alpha', 'beta')
    return primaries
  }

  on(node: NodeName): TestServer {
    const server = this.#servers.get(node)
    if (server === undefined) throw new Error(`${node} has no server`)
    return server
  }

  async replicate(replica: NodeName, source: NodeName): Promise<void> {
    await follow(...this.on(replica).talk, sourceAt(this.on(source), { host: homeOf(source), port: PORT }), soon())
  }

  /** Start a server again that was killed, as one of the two. */
  async restart(node: NodeName): Promise<void> {
    await this.on(node).start()
    await openWrites(...this.on(node).talk, soon())
    for (const other of NODES.filter(name => name !== node)) {
      await this.replicate(node, other)
      await this.replicate(other, node)
    }
  }

  /** Which of the acknowledged rows each server lacks. */
  async missing(attempts: readonly Attempt[]): Promise<(readonly string[])[]> {
    const query = `SELECT CONCAT(writer, ':', sequence) AS id FROM ${APPLICATION.database}.writes`
    const held = NODES.map(async node => {
      return [node, new Set((await this.on(node).query(query)).map(({ id }) => String(id)))] as const
    })
    return judge(attempts, new Map(await Promise.all(held))).map(({ missing }) => missing)
  }
}
