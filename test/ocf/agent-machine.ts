import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandResult, command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { RPM } from '../../packaging/products.ts'
import { ENGINES, type EngineName } from '../lab/engines.ts'
import { openLabRack } from '../lab/lab-rack.ts'
import type { Rack } from '../lab/rack.ts'
import { agentEnvironment } from './environment.ts'

const NODE = 'node1'
const FAKES = join(import.meta.dirname, 'fakes')
/** The agent, where Pacemaker finds it. */
export const AGENT = '/usr/lib/ocf/resource.d/heir/mysql'
const FAKES_INSIDE = '/opt/fake-cluster-tools'
const FAKE_CLUSTER = '/var/lib/fake-cluster'

/** What a call of the agent is made with; by default what Pacemaker would. */
export interface Call {
  /** OCF parameters, without OCF_RESKEY_. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Further environment variables. */
  readonly environment?: Readonly<Record<string, string>>
  /** A program, with its arguments, that runs the agent. */
  readonly through?: readonly string[]
}

/** A machine with a real server, the installed package and, in the place of a cluster, fake tools of Pacemaker. */
export class AgentMachine {
  readonly engine: EngineName
  readonly #rack: Rack

  private constructor(rack: Rack, engine: EngineName) {
    this.#rack = rack
    this.engine = engine
  }

  static async open(engine: EngineName): Promise<AgentMachine> {
    const rack = await openLabRack({ engine, nodes: 1, name: `ocf-${engine}-${process.pid}`, progress: console.log })
    const machine = new AgentMachine(rack, engine)
    try {
      await machine.#prepare()
    } catch (error) {
      await rack.close()
      throw error
    }
    return machine
  }

  async close(): Promise<void> {
    await this.#rack.close()
  }

  /** Call the agent as Pacemaker does. */
  async agent(action: string, { parameters, environment, through = [] }: Call = {}): Promise<CommandResult> {
    const variables = { ...agentEnvironment(action, parameters), ...environment }
    return await this.runInCluster(variables, [...through, AGENT, action])
  }

  /** Run a program with nothing but these variables, and with the tools of the cluster on its path. */
  async runInCluster(variables: Readonly<Record<string, string>>, argv: readonly string[]): Promise<CommandResult> {
    const environment = { PATH: `${FAKES_INSIDE}:/usr/sbin:/usr/bin`, FAKE_CLUSTER, ...variables }
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
    return await this.run(['env', '-i', ...assignments, ...argv])
  }

  /** Run a program on the machine. */
  async run(argv: readonly string[], input = ''): Promise<CommandResult> {
    return await this.#rack.exec(NODE, argv, { input, deadline: Deadline.in(60_000) })
  }

  /** Run a shell script on the machine; throws when it fails. */
  async shell(script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(['sh', '-euc', script])
    if (exitCode !== 0) throw new Error(`${script}: ${stderr || stdout}`)
    return stdout
  }

  /** Run one statement as root; answers the first value of its result. */
  async query(sql: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(
      [ENGINES[this.engine].client, '--batch', '--skip-column-names'],
      sql,
    )
    if (exitCode !== 0) throw new Error(`${sql}: ${stderr}`)
    return stdout
  }

  /** The process ids of the servers that run. */
  async servers(): Promise<string[]> {
    const { stdout } = await this.run(['pidof', 'mysqld', 'mariadbd'])
    return stdout.split(' ').filter(Boolean)
  }

  /** Kill every server, and wait until the kernel has nothing left of it. */
  async killServers(): Promise<void> {
    for (const pid of await this.servers())
      await this.shell(`kill -9 ${pid}; while [ -e /proc/${pid} ]; do sleep 0.02; done`)
  }

  async #prepare(): Promise<void> {
    const [machine] = this.#rack.plan.machines
    if (machine === undefined) throw new Error('the rack is empty')
    const disk = join(machine.disk, 'upper')
    await rm(join(disk, 'etc/corosync'), { recursive: true }) // or the machine starts a real cluster
    await cp(FAKES, join(disk, FAKES_INSIDE), { recursive: true })
    await mkdir(join(disk, FAKE_CLUSTER), { recursive: true })
    const args = ['--root', disk, '--dbpath', '/var/lib/rpm', '--install', '--nodeps', RPM]
    const { exitCode, stderr } = await command('rpm', args, { deadline: Deadline.in(60_000) })
    if (exitCode !== 0) throw new Error(`rpm: ${stderr}`)
    await this.#rack.power('on', NODE)
  }
}
