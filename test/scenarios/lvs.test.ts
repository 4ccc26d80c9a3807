import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printed } from '../agent/commands/configure-words.ts'
import { ENGINES } from '../lab/engines.ts'
import { onNetwork, tethered } from '../lab/enter.ts'
import { Balancer } from '../lab/vm/balancer.ts'
import { type Attempt, parseRecord } from '../lab/write-record.ts'
import { ServerFarm } from '../servers/farm.ts'
import { homeOf, KeepalivedNodes, NODES, type NodeName, WRITERS } from '../servers/keepalived-nodes.ts'
import { Primaries } from '../servers/primaries.ts'

const PATIENCE = { timeout: 90_000, interval: 500 }
const CLIENT = join(import.meta.dirname, '../lab/client.ts')
const BALANCER = { name: 'lb1', address: '10.0.0.11' } as const

let farm: ServerFarm
let nodes: KeepalivedNodes
let primaries: Primaries
let balancer: Balancer
const processes: ChildProcess[] = []

const onSwitch = (argv: readonly string[]) => onNetwork(nodes.pidOf('switch'), argv)

const text = (format: string, lvs?: 'keepalived') =>
  printed({
    ...{ format, balanced: true, lvs, nodes: NODES.join(','), node: BALANCER.name, nic: 'eth0' },
    ...{ balancers: lvs === undefined ? '' : `${BALANCER.name},lb2`, writerVip: `${WRITERS}/24`, readerVip: [] },
    address: [
      ...NODES.map(node => `${node}=${homeOf(node)}`),
      ...(lvs === undefined ? [] : [`${BALANCER.name}=${BALANCER.address}`, 'lb2=10.0.0.12']),
    ],
  })

function run(argv: readonly string[]): ChildProcess {
  const [file = '', ...args] = tethered(argv)
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  processes.push(child)
  return child
}

/** As the text for the kernel of a node says. */
async function makeRealServer(node: NodeName): Promise<void> {
  const settings = text('sysctl')
  await nodes.run(node, ['sysctl', '--quiet', '--load=-'], settings)
  const commands = [...settings.matchAll(/^# +(ip address add .*)$/gm)].map(([, words = '']) => words)
  expect(commands).toHaveLength(1)
  for (const words of commands) await nodes.run(node, words.split(' '))
  const check = ['heir', 'check', '--http', '9200', '--listen', homeOf(node)]
  run(nodes.enter(node, [...check, '--set', `socket=${primaries.on(node).launch.socket}`]))
}

/** Clients that write to the address, and what they were told so far. */
class Writers {
  readonly #record: string
  readonly #process: ChildProcess

  constructor(name: string) {
    this.#record = join(farm.home, `record-${name}`)
    const words = ['--host', WRITERS, '--record', this.#record, '--writers', '4', '--rate', '40', '--seconds', '600']
    this.#process = run(onSwitch([process.execPath, CLIENT, ...words]))
  }

  async attempts(): Promise<Attempt[]> {
    return parseRecord(await readFile(this.#record, 'utf8').catch(() => ''))
  }

  /** Where the last of them were written; `nowhere` among them where one failed. */
  async lastServers(): Promise<string[]> {
    const last = (await this.attempts()).slice(-40)
    return [...new Set(last.map(({ error, server }) => (error === undefined ? server : 'nowhere')))].toSorted()
  }

  async stop(): Promise<Attempt[]> {
    this.#process.kill('SIGTERM')
    await once(this.#process, 'exit')
    return this.attempts()
  }
}

const table = () => balancer.table()

/** How each program is started on the balancer with what is printed for it, and ended. */
const PROGRAMS = {
  ldirectord: {
    // Debian's unit wants a directory that Debian has not
    start: async () => {
      await balancer.prepareLdirectord(text('ldirectord'))
      await balancer.machine.run(`ip address add ${WRITERS}/24 dev eth0\nldirectord ${Balancer.LDIRECTORD_FILE} start`)
    },
    stop: `ldirectord ${Balancer.LDIRECTORD_FILE} stop\nip address delete ${WRITERS}/24 dev eth0`,
  },
  keepalived: {
    start: () => balancer.startKeepalived(text('keepalived', 'keepalived')),
    stop: 'systemctl stop keepalived',
  },
} as const

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('two servers of %s', engine => {
  beforeAll(async () => {
    farm = await ServerFarm.open(ENGINES[engine])
    nodes = await KeepalivedNodes.open(farm.home)
    primaries = await Primaries.start(farm, nodes)
    await Promise.all(NODES.map(makeRealServer))
    balancer = await Balancer.start(onSwitch, { ...BALANCER, console: join(farm.home, 'console') }, text('ldirectord'))
  })

  afterAll(async () => {
    for (const process of processes.splice(0)) {
      process.kill('SIGKILL')
      if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
    }
    await balancer?.machine.off()
    await nodes?.[Symbol.asyncDispose]()
    await farm?.[Symbol.asyncDispose]()
  })

  describe.each(['ldirectord', 'keepalived'] as const)('LVS in a kernel of its own, told by %s', program => {
    const all: Attempt[] = []
    let writers: Writers
    let spread = 0
    beforeAll(() => PROGRAMS[program].start())
    afterAll(async () => {
      await balancer.machine.run(`${PROGRAMS[program].stop}\nipvsadm --clear`)
    })

    test('writers are spread over two servers that both take writes', async () => {
      await expect.poll(table, PATIENCE).toMatch(/10\.0\.0\.1:3306 +Route.*10\.0\.0\.2:3306 +Route/s)
      await expect.poll(() => balancer.has(WRITERS), PATIENCE).toBe(true)
      writers = new Writers(program)
      await expect.poll(() => writers.lastServers(), PATIENCE).toEqual(NODES)
      spread = Date.now()
    })

    test('when one of them is killed, all write on at the other one', async () => {
      const since = Date.now()
      await primaries.on('alpha').kill()
      await expect.poll(() => writers.lastServers(), PATIENCE).toEqual(['beta'])
      await expect.poll(table, PATIENCE).not.toContain('10.0.0.1:3306')
      const attempts = await writers.stop()
      const errors = attempts.filter(({ error }) => error !== undefined)
      expect(errors.filter(({ begin, end }) => begin > spread && end < since)).toEqual([])
      console.log(
        `${engine}, ${program}: ${errors.length} errors, the last after ${(errors.at(-1)?.end ?? since) - since} ms`,
      )
      all.push(...attempts)
    })

    test('when it is back, new clients are spread again, and nothing that was acknowledged is missing on either', async () => {
      await primaries.restart('alpha')
      await expect.poll(table, PATIENCE).toMatch(/10\.0\.0\.1:3306 +Route/)
      const more = new Writers(`${program}-2`)
      try {
        await expect.poll(() => more.lastServers(), PATIENCE).toEqual(NODES)
      } finally {
        all.push(...(await more.stop()))
      }
      await expect.poll(() => primaries.missing(all), PATIENCE).toEqual([[], []])
    })
  })
})
