import type { MachineFile } from '../node-files.ts'
import { type Placement, VirtualMachine } from './virtual-machine.ts'

/** A virtual machine that balances by LVS, set up as the text for it says. */
export class Balancer {
  /** Where ldirectord's file is. */
  static readonly LDIRECTORD_FILE = '/etc/ha.d/ldirectord.cf'
  readonly name: string
  readonly machine: VirtualMachine

  private constructor(name: string, machine: VirtualMachine) {
    this.name = name
    this.machine = machine
  }

  /** Start the machine, with the settings of its kernel that a text for LVS names, and nothing that balances yet. */
  static async start(
    enter: Parameters<typeof VirtualMachine.start>[0],
    placement: Placement,
    text: string,
  ): Promise<Balancer> {
    const machine = await VirtualMachine.start(enter, placement)
    const [, wanted] = /(net\.ipv4\.vs\.\w+ = 1)/.exec(text) ?? []
    await machine.run(`sysctl --write "${wanted}"`)
    return new Balancer(placement.name, machine)
  }

  /** Let keepalived do what its file says. */
  async startKeepalived(text: string): Promise<void> {
    await this.#write('/etc/keepalived/keepalived.conf', text)
    await this.machine.run('systemctl start keepalived')
  }

  /** Put the file of ldirectord where whoever starts it expects it. */
  async prepareLdirectord(text: string): Promise<void> {
    await this.#write(Balancer.LDIRECTORD_FILE, text)
  }

  /** Make it a node of a cluster, with the files that every node has. */
  async joinCluster(files: readonly MachineFile[]): Promise<void> {
    for (const { path, text } of files) await this.#write(path, text)
    await this.machine.run('systemctl start corosync pacemaker')
  }

  /** Which servers get connections, with how many they have. */
  async table(): Promise<string> {
    return await this.machine.run('ipvsadm --list --numeric')
  }

  /** Whether clients reach it under the address. */
  async has(address: string): Promise<boolean> {
    return (await this.machine.run('ip -brief address')).includes(` ${address}/`)
  }

  async #write(path: string, text: string): Promise<void> {
    await this.machine.run(`mkdir -p "$(dirname ${path})"\ncat >${path} <<'END'\n${text}\nEND`)
  }
}
