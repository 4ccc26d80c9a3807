import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { tethered } from '../lab/enter.ts'
import { heirConfigure, RESOURCE } from '../lab/heir-cluster.ts'
import { pairWords, upWithPair, waitForPrimaries } from '../lab/heir-pair.ts'
import type { Lab } from '../lab/lab.ts'
import { ARBITER, nodeAddress } from '../lab/network-plan.ts'
import { CLIENT } from '../lab/rack-plan.ts'
import { VirtualMachine } from '../lab/vm/virtual-machine.ts'
import { WriteLoad } from '../lab/write-load.ts'

const BALANCER = { name: 'lb1', address: '10.77.0.200' } as const
const NODES = ['node1', 'node2']
const HOMES = [
  ...NODES.map(node => `${node}=${nodeAddress(node)}`),
  ...[`${BALANCER.name}=${BALANCER.address}`, 'lb2=10.77.0.201'], // the other balancer is there by name alone
].flatMap(home => ['--address', home])
const OUTSIDE = [...HOMES, '--lvs', 'keepalived', '--balancers', `${BALANCER.name},lb2`, '--nic', 'eth0']
const PATIENCE = { timeout: 120_000, interval: 1000 }

const UNIT = readFileSync(join(import.meta.dirname, '../../packaging/heir-check.service'), 'utf8')
const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(UNIT)?.[1] ?? ''

let directory: string
let lab: Lab
let machine: VirtualMachine
const services: ChildProcess[] = []

/** What systemd would run on a node, with no more capabilities than it would leave. */
async function startService(node: string): Promise<void> {
  const capabilities = setting('CapabilityBoundingSet').toLowerCase().replaceAll('cap_', '+').replaceAll(' ', ',')
  const values: Readonly<Record<string, string>> = { LISTEN: nodeAddress(node), PORT: '9200' }
  const words = setting('ExecStart')
    .replace(' $OPTIONS', '')
    .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    .split(' ')
  const confined = ['setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=-all,${capabilities}`, ...words]
  const [file = '', ...args] = tethered(await lab.enter(node, confined))
  services.push(spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }))
}

async function startBalancer(): Promise<void> {
  const text = await heirConfigure([...pairWords, ...OUTSIDE, '--format', 'keepalived', '--node', BALANCER.name])
  machine = await VirtualMachine.start(argv => lab.enter(CLIENT, argv), {
    ...BALANCER,
    console: join(directory, 'console'),
  })
  const [, wanted] = /(net\.ipv4\.vs\.\w+ = 1)/.exec(text) ?? []
  await machine.run(`sysctl --write "${wanted}"\ncat >/run/file <<'END'\n${text}\nEND`)
  await machine.run('keepalived --use-file=/run/file --log-console --dont-fork >/run/said 2>&1 </dev/null &')
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-balanced-'))
  lab = await upWithPair({ engine: 'mariadb-10.11', arbiter: true, balanced: OUTSIDE })
  await Promise.all([...lab.nodes.map(startService), startBalancer()])
})

afterAll(async () => {
  for (const service of services) {
    service.kill('SIGKILL')
    if (service.exitCode === null && service.signalCode === null) await once(service, 'exit')
  }
  await machine?.off()
  await lab?.down()
  await rm(directory, { recursive: true })
})

/** Both take writes, and the balancer knows. */
async function settled(): Promise<void> {
  await waitForPrimaries(lab, Deadline.in(180_000))
  const table = () => machine.run('ipvsadm --list --numeric')
  await expect.poll(table, PATIENCE).toMatch(/10\.77\.0\.1:3306 +Route.*10\.77\.0\.2:3306 +Route/s)
}

/** What is known of writes through the balancer. */
interface Seen {
  /** Where the last of them were written; `nowhere` among them where one failed. */
  readonly servers: () => Promise<string[]>
  /** How many were acknowledged by a node since a time. */
  readonly writtenOn: (node: string, since: number) => Promise<number>
}

/** Write through the balancer while something is done. */
async function underLoad(name: string, work: (seen: Seen) => Promise<void>): Promise<void> {
  const load = await WriteLoad.start(lab, { record: join(directory, name), rate: 80 })
  const servers = async () => {
    const last = (await load.attempts()).slice(-60)
    return [...new Set(last.map(({ error, server }) => (error === undefined ? server : 'nowhere')))].toSorted()
  }
  const writtenOn = async (node: string, since: number) =>
    (await load.attempts()).filter(({ error, server, begin }) => !error && server === node && begin > since).length
  try {
    await work({ servers, writtenOn })
  } finally {
    await load.stop()
  }
}

describe('two primaries behind LVS', () => {
  test('writers are spread over both', async () => {
    await settled()
    await underLoad('both', async ({ servers }) => {
      await expect.poll(servers, PATIENCE).toEqual(NODES)
    })
  })

  test('when a node loses its power writers go on at the other one, and it comes back', async () => {
    await underLoad('off', async ({ servers, writtenOn }) => {
      await expect.poll(servers, PATIENCE).toEqual(NODES)
      await lab.off('node2')
      const since = Date.now()
      await expect.poll(() => writtenOn('node1', since), PATIENCE).toBeGreaterThan(50)
    })
    await lab.start('node2') // fencing may have done so
    await startService('node2')
    await settled()
  })
})

/** Stands in for ldirectord where the kernel has no LVS: it runs, or does not. */
const STAND_IN = `#!/bin/sh
case $2 in
start) touch /run/director ;;
stop) rm -f /run/director ;;
status) [ -e /run/director ] || exit 3 ;;
esac
`

test('with ldirectord the cluster has the balancer, and each node the address on its loopback interface', async () => {
  const install =
    'cat >/usr/sbin/ldirectord; chmod 755 /usr/sbin/ldirectord; mkdir -p /etc/ha.d; : >/etc/ha.d/ldirectord.cf'
  await lab.exec(ARBITER, ['sh', '-ec', install], { input: STAND_IN })
  await machine.off()
  const words = [...pairWords, '--lvs', 'ldirectord', '--balancers', ARBITER, '--nic', 'eth0', '--apply']
  expect(await lab.exec('node1', ['heir', 'configure', ...words])).toMatchObject({ exitCode: 0 })
  const running = async () =>
    (await lab.cluster())?.resources
      .filter(({ role, id }) => role === 'Started' && id !== 'fencing')
      .map(({ id, node }) => `${id} ${node}`)
      .toSorted()
  const name = `${RESOURCE}-writer`
  const expected = [`${RESOURCE}-director`, name].map(id => `${id} ${ARBITER}`)
  const homes = NODES.map(node => `${name}-at-${node} ${node}`)
  await expect.poll(running, PATIENCE).toEqual([...expected, ...homes].toSorted())
})
