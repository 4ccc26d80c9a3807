import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deadline } from '../../lib/system/deadline.ts'
import type { ConfigurationFormat } from './apply-configuration.ts'
import type { EngineName } from './engines.ts'
import { tethered } from './enter.ts'
import { heirConfigure } from './heir-cluster.ts'
import { pairWords, upWithPair, waitForPrimaries } from './heir-pair.ts'
import type { Lab } from './lab.ts'
import { ARBITER, BALANCERS, nodeAddress, nodeNames, WRITER_VIP } from './network-plan.ts'
import { clusterFiles } from './node-files.ts'
import { CLIENT } from './rack-plan.ts'
import { Balancer } from './vm/balancer.ts'

const HOMES = [...nodeNames(2), ...BALANCERS].flatMap(name => ['--address', `${name}=${nodeAddress(name)}`])

/** What tells LVS where to. */
type Program = 'keepalived' | 'ldirectord'

const outside = (program: Program): readonly string[] => [
  ...HOMES,
  ...['--lvs', program, '--balancers', BALANCERS.join(','), '--nic', 'eth0'],
]

/** fence_lab knows the machines of the lab alone. */
const FENCING_AT_HOME = `location fencing-at-home fencing rule -INFINITY: ${BALANCERS.map(name => `#uname eq ${name}`).join(' or ')}`

/** An emulated processor on a busy host is fifty times slower. */
const allowMoreTime = (text: string) => text.replaceAll(/timeout=[236]0s/g, 'timeout=300s')

const UNIT = readFileSync(join(import.meta.dirname, '../../packaging/heir-check.service'), 'utf8')
const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(UNIT)?.[1] ?? ''

/** Two nodes that both take writes, and two balancers in front of them, each set up with what `heir configure` prints for it. */
export class BalancedPair implements AsyncDisposable {
  readonly lab: Lab
  readonly balancers: Balancer[] = []
  readonly #services: ChildProcess[] = []

  private constructor(lab: Lab) {
    this.lab = lab
  }

  /**
   * Returns when both take writes. With ldirectord the balancers are nodes of the cluster. `directory` gets what their kernels
   * say. The cluster is configured as usual for the engine, unless a format is given.
   */
  static async up(
    engine: EngineName,
    program: Program,
    directory: string,
    format?: ConfigurationFormat,
  ): Promise<BalancedPair> {
    let pair: BalancedPair | undefined
    const beforehand = async (lab: Lab) => {
      pair = new BalancedPair(lab)
      await pair.#startOutside(program, directory)
    }
    const options = { engine, arbiter: true, balanced: outside(program), beforehand, ...(format && { format }) }
    try {
      await upWithPair(program === 'keepalived' ? options : { ...options, guests: BALANCERS, adapt: allowMoreTime })
    } catch (error) {
      if (pair !== undefined) await pair.#endOutside()
      throw error
    }
    if (pair === undefined) throw new Error('nothing was done beforehand')
    return pair
  }

  async #startOutside(program: Program, directory: string): Promise<void> {
    await Promise.all([
      ...this.lab.nodes.map(node => this.startService(node)),
      ...BALANCERS.map(name => this.#startBalancer(program, name, directory)),
    ])
    if (program === 'keepalived') return
    await this.lab.waitUntilOnline(BALANCERS, Deadline.in(300_000))
    await this.lab.configure(FENCING_AT_HOME, 'crm')
  }

  async #startBalancer(program: Program, name: string, directory: string): Promise<void> {
    const text = await heirConfigure([...pairWords, ...outside(program), '--format', program, '--node', name])
    const enter = (argv: readonly string[]) => this.lab.enter(CLIENT, argv)
    const placement = { name, address: nodeAddress(name), console: join(directory, `${name}.console`) }
    const balancer = await Balancer.start(enter, placement, text)
    this.balancers.push(balancer)
    if (program === 'keepalived') return await balancer.startKeepalived(text)
    await balancer.prepareLdirectord(text)
    await balancer.joinCluster(clusterFiles([...nodeNames(2), ARBITER, ...BALANCERS]))
  }

  /** What systemd would run on a node, with no more capabilities than it would leave. */
  async startService(node: string): Promise<void> {
    const capabilities = setting('CapabilityBoundingSet').toLowerCase().replaceAll('cap_', '+').replaceAll(' ', ',')
    const values: Readonly<Record<string, string>> = { LISTEN: nodeAddress(node), PORT: '9200' }
    const words = setting('ExecStart')
      .replace(' $OPTIONS', '')
      .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .split(' ')
    const confined = ['setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=-all,${capabilities}`, ...words]
    const [file = '', ...args] = tethered(await this.lab.enter(node, confined))
    this.#services.push(spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }))
  }

  /** Wait until both take writes, and the balancer at work gives both connections. Answers that one. */
  async settled(): Promise<Balancer> {
    await waitForPrimaries(this.lab, Deadline.in(180_000))
    return await this.lab.waitFor('a balancer that has both', () => this.#atWork(), Deadline.in(240_000))
  }

  async #atWork(): Promise<Balancer | undefined> {
    for (const balancer of this.balancers) {
      if (!(await balancer.has(WRITER_VIP))) continue
      const table = await balancer.table()
      return /10\.77\.0\.1:3306 +Route.*10\.77\.0\.2:3306 +Route/s.test(table) ? balancer : undefined
    }
    return undefined
  }

  /** Let a balancer lose its power, for good. */
  async lose(balancer: Balancer): Promise<void> {
    await balancer.machine.off()
    this.balancers.splice(this.balancers.indexOf(balancer), 1)
  }

  async #endOutside(): Promise<void> {
    for (const service of this.#services) {
      service.kill('SIGKILL')
      if (service.exitCode === null && service.signalCode === null) await once(service, 'exit')
    }
    for (const { machine } of this.balancers) await machine.off()
  }

  async down(): Promise<void> {
    await this.#endOutside()
    await this.lab.down()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down()
  }
}
