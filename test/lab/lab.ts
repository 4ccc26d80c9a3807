import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommandResult } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { APPLY, type ConfigurationFormat, FENCING } from './apply-configuration.ts'
import { type ClusterStatus, nodesInRole, parseClusterStatus } from './cluster-status.ts'
import { resetData } from './data-disk.ts'
import type { Engine } from './engines.ts'
import { clustersOf, engineOf, type LabOptions, openLabRack } from './lab-rack.ts'
import { ARBITER } from './network-plan.ts'
import type { MachineStatus } from './power-client.ts'
import { type PowerEvent, parsePowerLog } from './power-log.ts'
import { type ExecOptions, Rack } from './rack.ts'
import { rackDirectory, supervisorLog } from './rack-directory.ts'
import { waitFor } from './wait-for.ts'

/** A real cluster without the computers: corosync, Pacemaker, fencing and a database server on every node, on a network of its own. */
export class Lab implements AsyncDisposable {
  readonly engine: Engine
  /** The nodes that have a server. */
  readonly nodes: readonly string[]
  readonly #rack: Rack

  private constructor(rack: Rack, engine: Engine, nodes?: readonly string[]) {
    this.#rack = rack
    this.engine = engine
    this.nodes = nodes ?? rack.plan.machines.map(machine => machine.name).filter(name => name !== ARBITER)
  }

  /**
   * Bring up a cluster; returns when it is quorate, with every node online and fencing configured, and no resource yet.
   * Throws Failure with one sentence where this host cannot, or where a lab of the name is up.
   */
  static async up(options: LabOptions): Promise<Lab> {
    const rack = await openLabRack(options)
    const lab = new Lab(rack, await engineOf(rack))
    try {
      const members = rack.plan.machines.map(({ name }) => name)
      options.progress?.(`starting ${members.join(', ')} with ${lab.engine.name}`)
      await Promise.all(members.map(node => lab.start(node)))
      await Promise.all(clustersOf(members, options.split).map(cluster => lab.#settle(cluster)))
    } catch (error) {
      await lab.down()
      throw error
    }
    return lab
  }

  /** The same lab with a look at these nodes alone: those of one of its clusters. Taking it down takes all down. */
  within(nodes: readonly string[]): Lab {
    return new Lab(this.#rack, this.engine, nodes)
  }

  async #settle(cluster: readonly string[]): Promise<void> {
    const part = this.within(this.nodes.filter(node => cluster.includes(node)))
    await part.waitUntilOnline(cluster, Deadline.in(60_000))
    await part.configure(FENCING, 'crm')
  }

  /** The lab that another process brought up under the name. Throws Failure when there is none. */
  static async named(name: string): Promise<Lab> {
    const lab = await Lab.find(name)
    if (lab === undefined) throw new Failure('unreachable', `lab ${name} is not up`)
    return lab
  }

  /** The same; undefined when there is none. */
  static async find(name: string): Promise<Lab | undefined> {
    const rack = await Rack.find(rackDirectory(name))
    return rack === undefined ? undefined : new Lab(rack, await engineOf(rack))
  }

  /** End everything and remove it. */
  async down(): Promise<void> {
    await this.#rack.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down()
  }

  /** Power on; fencing does the same after it powered a node off. */
  async start(node: string): Promise<void> {
    await this.#rack.power('on', node)
  }

  /** Power off, without warning. */
  async off(node: string): Promise<void> {
    await this.#rack.power('off', node)
  }

  /** Pull the network cable. It stays out when the node is fenced. */
  async cut(node: string): Promise<void> {
    await this.#rack.power('cut', node)
  }

  async heal(node: string): Promise<void> {
    await this.#rack.power('heal', node)
  }

  /** Let the fencing device fail so many times, from now on, before it works again. */
  async balkFencing(times: number): Promise<void> {
    await writeFile(join(this.#rack.plan.shared, 'balk'), String(times))
  }

  /** Everything that the power switch was asked for, the nodes' fencing included. */
  async powerLog(): Promise<PowerEvent[]> {
    return parsePowerLog(await readFile(supervisorLog(this.#rack.plan.directory), 'utf8'))
  }

  /** Give a node the data of its first day again: it is powered off for it, and on again. */
  async reset(node: string): Promise<void> {
    await this.off(node)
    const plan = this.#rack.plan.machines.find(({ name }) => name === node)
    if (plan === undefined) throw new Failure('misconfigured', `${node}: there is no such machine`)
    await resetData(plan)
    await this.start(node)
  }

  /** The power and the cable of every node, and of the client. */
  async status(): Promise<MachineStatus[]> {
    return await this.#rack.status()
  }

  /** Run a program on a node, or a program of the host on the cluster's network (`client`). A non-zero exit is an answer. */
  async exec(node: string, argv: readonly string[], options?: ExecOptions): Promise<CommandResult> {
    return await this.#rack.exec(node, argv, options)
  }

  /** The command line that runs a program on a node or the client: for one that needs a terminal, or runs on. */
  async enter(node: string, argv: readonly string[]): Promise<string[]> {
    return await this.#rack.enter(node, argv)
  }

  /** Run statements as root over the node's own socket; answers the rows as texts, NULL as `NULL`. */
  async sql(node: string, statements: string): Promise<string[][]> {
    const argv = [this.engine.client, '--batch', '--skip-column-names']
    const { exitCode, stdout, stderr } = await this.exec(node, argv, { input: statements })
    if (exitCode !== 0) throw new Failure('rejected', `${node}: ${stderr}`)
    return stdout === '' ? [] : stdout.split('\n').map(line => line.split('\t'))
  }

  /** Make the cluster have a configuration, given as crmsh's or as pcs commands. */
  async configure(text: string, format: ConfigurationFormat): Promise<void> {
    const node = await this.#anyNode()
    const { exitCode, stdout, stderr } = await this.exec(node, APPLY[format], {
      input: text,
      deadline: Deadline.in(280_000), // pcs takes a second and more for each command of a script on a busy machine
    })
    if (exitCode !== 0) throw new Failure('rejected', `${node}: ${format}: ${stderr || stdout}`)
  }

  /** The cluster as its quorate part sees it; undefined while no node has quorum. */
  async cluster(): Promise<ClusterStatus | undefined> {
    for (const { name, power } of await this.status()) {
      const status = power === 'off' || !this.nodes.includes(name) ? undefined : await this.#askNode(name)
      if (status?.quorate) return status
    }
    return undefined
  }

  /** Who has which role of the resource, as the quorate part sees it. */
  async roles(resource: string): Promise<{ promoted: string[]; unpromoted: string[] }> {
    const status = await this.cluster()
    if (status === undefined) return { promoted: [], unpromoted: [] }
    return {
      promoted: nodesInRole(status, resource, 'Promoted'),
      unpromoted: nodesInRole(status, resource, 'Unpromoted'),
    }
  }

  readonly waitFor = waitFor

  async waitUntilOnline(nodes: readonly string[], deadline: Deadline): Promise<void> {
    const probe = async () => {
      const status = await this.cluster()
      return nodes.every(node => status?.online.includes(node)) || undefined
    }
    await waitFor(`${nodes.join(', ')} online`, probe, deadline)
  }

  /** What one node says of the cluster; undefined where it says nothing, also because its power went off meanwhile. */
  async #askNode(node: string): Promise<ClusterStatus | undefined> {
    try {
      const { exitCode, stdout } = await this.exec(node, ['crm_mon', '--one-shot', '--output-as=xml'])
      return exitCode === 0 ? parseClusterStatus(stdout) : undefined
    } catch (error) {
      if (error instanceof Failure) return undefined
      throw error
    }
  }

  async #anyNode(): Promise<string> {
    const status = await this.cluster()
    const node = this.nodes.find(name => status?.online.includes(name)) // one that has the agents, which pcs asks
    if (node === undefined) throw new Failure('unreachable', 'no node of the lab has quorum')
    return node
  }
}
