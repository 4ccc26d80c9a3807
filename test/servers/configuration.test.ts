import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES } from '../lab/engines.ts'
import { OfflineCluster } from './offline-cluster.ts'

const NODES = ['alpha', 'beta', 'gamma']
const WORDS = ['--resource', 'db', '--writer-vip', '10.0.0.100/24', '--nic', 'eth0']
const READERS = ['--reader-vip', '10.0.0.101/24', '--reader-vip', '10.0.0.102/24']
const PAIR = ['alpha', 'beta']
const LVS = ['--topology', 'multi-primary', '--lvs', 'ldirectord', '--balancers', 'lb1,lb2']
const SITE = ['--set', 'site_source=10.1.0.100:3306', '--set', 'site_ticket=db-site']
const ODD = ['--set', `additional_parameters=--init-connect="SET NAMES utf8" --a="it's #1; <b> $c \\\\"`]
const NOTHING = 'nothing to change'

/** What is printed for pcs works on a copy of a live cluster's CIB; here that copy is the file that stands for the cluster. */
const withoutCluster = (script: string) =>
  script
    .replace('pcs cluster cib >"$old"', 'cat "$CIB_file" >"$old"')
    .replace(/pcs cluster cib-push .*/, 'cat "$new" >"$CIB_file"')

describe.each(Object.values(ENGINES))('with the tools of $suite', engine => {
  let cluster: OfflineCluster
  beforeAll(async () => {
    cluster = await OfflineCluster.open(engine)
  })
  afterAll(() => cluster[Symbol.asyncDispose]())
  beforeEach(() => cluster.reset(NODES))

  const heirFor = (nodes: readonly string[], ...more: readonly string[]) =>
    cluster.run(['heir', 'configure', ...WORDS, '--nodes', nodes.join(','), ...more])
  const heir = (...more: readonly string[]) => heirFor(NODES, ...more)
  const printed = async (...more: readonly string[]) => (await heir(...more)).stdout

  const load = {
    crm: async (text: string) => {
      await cluster.succeed(['sh', '-euc', 'cat >/tmp/db.crm; crm -F configure load update /tmp/db.crm'], text)
    },
    pcs: async (text: string) => {
      await cluster.succeed(['sh'], withoutCluster(`${text}\n`))
    },
    'cib-xml': async (text: string) => {
      await cluster.succeed(['cibadmin', '--modify', '--allow-create', '--xml-pipe'], text)
    },
  } as const

  test.each(['crm', 'pcs', 'cib-xml'] as const)('what is printed as %s is what --apply would make', async format => {
    await load[format](`${await printed(...READERS, ...SITE, ...ODD, '--format', format)}\n`)
    expect(await cluster.cib()).toMatch(/<rsc_ticket\b/)
    expect(await heir(...READERS, ...SITE, ...ODD, '--diff')).toMatchObject({ exitCode: 0, stdout: NOTHING })
  })

  test.each(['crm', 'pcs', 'cib-xml'] as const)('the same for two primaries behind LVS, as %s', async format => {
    await load[format](`${(await heirFor(PAIR, ...LVS, '--format', format)).stdout}\n`)
    expect(await heirFor(PAIR, ...LVS, '--diff')).toMatchObject({ exitCode: 0, stdout: NOTHING })
  })

  test.each(['crm', 'pcs', 'cib-xml'] as const)('so it is for two primaries, as %s', async format => {
    const pair = ['--topology', 'multi-primary', '--prefer', 'alpha', '--failback']
    const { stdout } = await heirFor(['alpha', 'beta'], ...pair, '--format', format)
    await load[format](`${stdout}\n`)
    expect(await cluster.cib()).toMatch(/name="promoted-max" value="2"/)
    expect(await heirFor(['alpha', 'beta'], ...pair, '--diff')).toMatchObject({ exitCode: 0, stdout: NOTHING })
  })

  test('--apply makes an empty cluster have it, and the second time nothing changes', async () => {
    const before = await cluster.cib()
    const diff = await printed(...READERS, '--diff')
    expect(diff).toContain('+ db-clone meta notify=true')
    expect(await cluster.cib()).toBe(before)
    expect(await heir(...READERS, '--apply')).toMatchObject({ exitCode: 0, stdout: `${diff}\ndone` })
    const after = await cluster.cib()
    expect(await heir(...READERS, '--apply')).toMatchObject({ exitCode: 0, stdout: NOTHING })
    expect(await cluster.cib()).toBe(after)
  })

  test('what --apply makes is valid to Pacemaker', async () => {
    await heir(...READERS, '--apply')
    const { stdout, stderr } = await cluster.run(['crm_verify', '--verbose', '--live-check'])
    expect(`${stdout}${stderr}`).not.toMatch(/error|schema/i)
  })

  test('only what differs is shown and changed, and what the cluster has beside stays', async () => {
    await load.crm(await printed('--format', 'crm', '--set', 'datadir=/srv/db', '--set', 'acks=2'))
    const more = ['--set', 'acks=1', '--reader-vip', '10.0.0.101/24']
    const diff = await printed(...more, '--diff')
    expect(diff.split('\n').slice(0, 3)).toEqual(['- db acks=2', '+ db acks=1', '+ db-reader-1 ocf:heartbeat:IPaddr2'])
    await heir(...more, '--apply')
    expect(await cluster.cib()).toContain('value="/srv/db"')
    expect(await printed(...more, '--diff')).toBe(NOTHING)
  })

  test('a password is set, and shown neither before nor after', async () => {
    const accounts = (password: string) => ['--set', 'replication_user=r', '--set', `replication_passwd=${password}`]
    await heir(...accounts('first-one'), '--apply')
    const { stdout } = await heir(...accounts('second-one'), '--apply')
    expect(stdout).toBe('- db replication_passwd=(secret)\n+ db replication_passwd=(secret)\ndone')
    expect(await cluster.cib()).toContain('value="second-one"')
  })

  test('a constraint that says something else is replaced as a whole', async () => {
    const four = [...NODES, 'delta']
    await cluster.reset(four)
    await heirFor(four, '--apply')
    const diff = await printed('--diff')
    expect(diff).toContain('- db-clone meta clone-max=4')
    expect(diff).toMatch(/^- .*value="delta"/m)
    expect(await heir('--apply')).toMatchObject({ exitCode: 0, stdout: `${diff}\ndone` })
    expect(await cluster.cib()).not.toContain('value="delta"')
  })

  test('an operation and a property with other values are set', async () => {
    await load.crm(await printed('--format', 'crm'))
    const cib = await cluster.cib()
    await cluster.succeed(
      ['cibadmin', '--replace', '--xml-pipe'],
      cib.replace('timeout="300s"', 'timeout="30s"').replace(/(name="no-quorum-policy" value=)"stop"/, '$1"ignore"'),
    )
    const diff = await printed('--diff')
    expect(diff).toMatch(
      /^- property no-quorum-policy=ignore\n\+ property no-quorum-policy=stop\n- db op start .*timeout=30s/,
    )
    await heir('--apply')
    expect(await printed('--diff')).toBe(NOTHING)
  })

  test('a cluster without fencing, or without one of the nodes, is left as it is', async () => {
    await cluster.reset(NODES, '')
    expect((await heir('--apply')).stderr).toContain('the cluster has no fencing device')
    await cluster.reset(['alpha', 'beta'])
    expect((await heir('--apply')).stderr).toContain('gamma is no node of the cluster: its nodes are alpha, beta')
    expect(await cluster.cib()).not.toContain('db-clone')
    await cluster.reset(NODES)
    expect((await heir('--lvs', 'ldirectord', '--balancers', 'lb1', '--apply')).stderr).toContain('lb1 is no node')
  })

  test('a resource of another agent under our name is left alone', async () => {
    await load['cib-xml'](
      '<configuration><resources><primitive id="db" class="ocf" provider="heartbeat" type="mysql"/></resources></configuration>',
    )
    const { exitCode, stderr } = await heir('--apply')
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'db is ocf:heartbeat:mysql in the cluster, and should be ocf:heir:mysql: remove it, or use another name',
    )
  })
})
