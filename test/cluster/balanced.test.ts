import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { APPLICATION } from '../lab/accounts.ts'
import { tethered } from '../lab/enter.ts'
import { clusterWords, heirConfigure, RESOURCE, upWithHeir, waitUntilReplicating } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { ARBITER, nodeAddress, READER_VIPS, WRITER_VIP } from '../lab/network-plan.ts'
import { CLIENT } from '../lab/rack-plan.ts'
import { VirtualMachine } from '../lab/vm/virtual-machine.ts'
import { WriteLoad } from '../lab/write-load.ts'

const BALANCER = { name: 'lb1', address: '10.77.0.200' } as const
const NODES = ['node1', 'node2']
/** The other balancer is there by name alone. */
const OUTSIDE = ['--lvs', 'keepalived', '--balancers', `${BALANCER.name},lb2`, '--nic', 'eth0']
const homes = (...machines: readonly (readonly [string, string])[]) =>
  machines.flatMap(([name, address]) => ['--address', `${name}=${address}`])
const HOMES = homes(
  ...NODES.map(node => [node, nodeAddress(node)] as const),
  [BALANCER.name, BALANCER.address],
  ['lb2', '10.77.0.201'],
)
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

const printed = async (...words: readonly string[]) =>
  `${await heirConfigure([...clusterWords(lab.nodes), ...HOMES, ...OUTSIDE, ...words])}\n`

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-balanced-'))
  lab = await upWithHeir({ engine: 'mariadb-10.11', nodes: 2, arbiter: true, balanced: OUTSIDE })
  await Promise.all(lab.nodes.map(startService))
  machine = await VirtualMachine.start(argv => lab.enter(CLIENT, argv), {
    ...BALANCER,
    console: join(directory, 'console'),
  })
  const text = await printed('--format', 'keepalived', '--node', BALANCER.name)
  const [, wanted] = /(net\.ipv4\.vs\.\w+ = 1)/.exec(text) ?? []
  await machine.run(`sysctl --write "${wanted}"\ncat >/run/file <<'END'\n${text}END`)
  await machine.run('keepalived --use-file=/run/file --log-console --dont-fork >/run/said 2>&1 </dev/null &')
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

/** Which servers clients of an address get; nothing while they get none. */
async function serversAt(host: string): Promise<string[]> {
  const words = ['--user', APPLICATION.user, '--host', host, '--connect-timeout=3', '--skip-column-names', '--batch']
  const argv = ['env', `MYSQL_PWD=${APPLICATION.password}`, lab.engine.client, ...words, '--execute=SELECT @@hostname']
  const answers = [await lab.exec(ARBITER, argv), await lab.exec(ARBITER, argv), await lab.exec(ARBITER, argv)]
  return [...new Set(answers.map(({ stdout }) => stdout.trim()))].filter(name => name !== '').toSorted()
}

const settled = () => waitUntilReplicating(lab, Deadline.in(150_000))

describe('LVS told by keepalived', () => {
  test('writers get the primary, and readers both servers', async () => {
    const source = await settled()
    await expect.poll(() => serversAt(WRITER_VIP), PATIENCE).toEqual([source])
    await expect.poll(() => serversAt(READER_VIPS[0]), PATIENCE).toEqual(NODES)
  })

  test('when the primary is killed writers go on at the next one, and nothing that was acknowledged is lost', async () => {
    const source = await settled()
    const load = await WriteLoad.start(lab, { record: join(directory, 'record'), rate: 50 })
    const writtenOn = async (node: string) =>
      (await load.attempts()).filter(({ error, server }) => error === undefined && server === node).length
    await expect.poll(() => writtenOn(source), PATIENCE).toBeGreaterThan(50)
    const begin = Date.now()
    await lab.exec(source, ['pkill', '-KILL', 'mariadbd'])
    const other = NODES.find(node => node !== source) ?? ''
    await expect.poll(() => writtenOn(other), PATIENCE).toBeGreaterThan(50)
    const attempts = await load.stop()
    const [first] = attempts.filter(({ error, server }) => error === undefined && server === other)
    console.log(`writes went on after ${(first?.end ?? 0) - begin} ms`)
    await settled()
    await delay(2000)
    expect(judge(attempts, await heldRows(lab, NODES)).map(({ missing }) => missing)).toEqual([[], []])
  })

  test('a server that is stopped gets no readers, and has them again when it is back', async () => {
    const source = await settled()
    const other = NODES.find(node => node !== source) ?? ''
    await lab.exec(other, ['crm_standby', '--update', 'on', '--node', other])
    await expect.poll(() => serversAt(READER_VIPS[0]), PATIENCE).toEqual([source])
    await lab.exec(other, ['crm_standby', '--update', 'off', '--node', other])
    await expect.poll(() => serversAt(READER_VIPS[0]), PATIENCE).toEqual(NODES)
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

describe('ldirectord under Pacemaker', () => {
  test('the balancer has ldirectord and the addresses, and each node has them on its loopback interface', async () => {
    const install =
      'cat >/usr/sbin/ldirectord; chmod 755 /usr/sbin/ldirectord; mkdir -p /etc/ha.d; : >/etc/ha.d/ldirectord.cf'
    await lab.exec(ARBITER, ['sh', '-ec', install], { input: STAND_IN })
    const inside = ['--lvs', 'ldirectord', '--balancers', ARBITER, '--nic', 'eth0']
    const source = await settled()
    const words = [...clusterWords(lab.nodes), ...inside]
    await machine.off()
    expect(await lab.exec(source, ['heir', 'configure', ...words, '--apply'])).toMatchObject({ exitCode: 0 })
    const running = async () =>
      (await lab.cluster())?.resources
        .filter(({ role, id }) => role === 'Started' && id !== 'fencing')
        .map(({ id, node }) => `${id} ${node}`)
        .toSorted()
    const names = [`${RESOURCE}-writer`, `${RESOURCE}-reader-1`, `${RESOURCE}-reader-2`]
    const expected = [
      ...[`${RESOURCE}-director`, ...names].map(id => `${id} ${ARBITER}`),
      ...names.flatMap(name => NODES.map(node => `${name}-at-${node} ${node}`)),
    ]
    await expect.poll(running, PATIENCE).toEqual(expected.toSorted())
    await settled()
  })
})
