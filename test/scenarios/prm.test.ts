import { describe, expect, test } from 'vitest'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { faultNamed } from '../chaos/faults.ts'
import { otherSource } from '../chaos/other-source.ts'
import { trial } from '../chaos/trial.ts'
import { APPLICATION } from '../lab/accounts.ts'
import {
  blockApplier,
  runOn,
  START_APPLIER,
  STOP_APPLIER,
  setStandby,
  signalServer,
  switchOver,
  unguarded,
} from '../lab/damage.ts'
import { RESOURCE, replicaState, waitUntilHealthy } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { readerPlaces } from '../lab/reader-places.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'
import type { WriteLoad } from '../lab/write-load.ts'

const LOCK = '/run/backup.lock'
const HEARTBEATS = 'heir.heartbeat'
const SCRIPT = '/usr/local/sbin/after-promotion'
const PARAMETERS = [
  ...['max_replica_lag=12', 'reader_return_lag=4', `backup_lockfile=${LOCK}`],
  ...[`post_promote_script=${SCRIPT}`, 'post_promote_timeout=5'],
]
const WITHIN = 90_000
const soon = () => Deadline.in(WITHIN)

/** What replicas keep up with on a busy machine, where each event costs an fsync: lag is to come from what happens here alone. */
const RATE = 40

const PACEMAKER_LOG = '/var/log/pacemaker/pacemaker.log'

/** A healthy cluster under load, when a scenario begins. */
interface Stage {
  readonly lab: Lab
  readonly load: WriteLoad
  readonly source: string
  /** The replica to which it happens, and the other one. */
  readonly replica: string
  readonly other: string
}

interface Scenario {
  readonly title: string
  readonly play: (stage: Stage) => Promise<void>
}

/** Wait until the addresses for readers, two of them, are on these nodes. */
async function readersAt(lab: Lab, ...nodes: readonly string[]): Promise<void> {
  const wanted = nodes.toSorted().join()
  const areThere = async () => (await readerPlaces(lab)).join() === wanted || undefined
  await lab.waitFor(`the readers on ${wanted}`, areThere, soon())
}

/** A transient attribute of a node; empty where it is not set. */
async function attribute(lab: Lab, node: string, name: string): Promise<string> {
  const query = ['crm_attribute', '--lifetime', 'reboot', '--node', node, '--name', name, '--query', '--quiet']
  return (await lab.exec(node, query)).stdout.trim()
}

const scoreOf = (lab: Lab, node: string) => attribute(lab, node, `master-${RESOURCE}`)

async function score(lab: Lab, node: string, wanted: string): Promise<void> {
  const isIt = async () => (await scoreOf(lab, node)) === wanted || undefined
  await lab.waitFor(`the score ${wanted} of ${node}`, isIt, soon())
}

const serverOf = (lab: Lab, node: string) => runOn(lab, node, ['cat', '/run/mysqld/mysqld.pid'])

const play = (fault: string) => async (stage: Stage) => {
  const outcome = await trial(stage.lab, stage.load, faultNamed(fault))
  expect(outcome).toMatchObject({ lost: 0 })
  expect(outcome.after).not.toBe(outcome.before)
}

/**
 * The scenarios that the Percona replication manager was tested with. Hand-over (T02) and a killed server (T03) are in
 * failover.test.ts, for both flavours, and the position after a crash (T10) there and, without GTIDs, in coordinates.test.ts.
 */
const SCENARIOS: readonly Scenario[] = [
  {
    title: 'T01: after a start each replica has an address for readers',
    play: ({ lab, replica, other }) => readersAt(lab, replica, other),
  },
  {
    title: 'T04: readers leave a replica that lags, and all of them, and come back; no server is restarted',
    play: async ({ lab, source, replica, other }) => {
      const servers = await Promise.all([replica, other].map(node => serverOf(lab, node)))
      const first = blockApplier(lab, replica, 75)
      await readersAt(lab, other, other)
      await score(lab, replica, '100')
      const second = blockApplier(lab, other, 45)
      await readersAt(lab, source, source)
      await Promise.all([first, second])
      await readersAt(lab, replica, other)
      expect(await Promise.all([replica, other].map(node => serverOf(lab, node)))).toEqual(servers)
    },
  },
  {
    title: 'T04: by heartbeats, which the source writes and replicas read',
    play: async ({ lab, source, replica, other }) => {
      const columns = 'server_id INT UNSIGNED PRIMARY KEY, at TIMESTAMP(6) NOT NULL'
      await lab.sql(source, `CREATE DATABASE heir; CREATE TABLE ${HEARTBEATS} (${columns}) ENGINE = InnoDB`)
      const set = ['--set-parameter', 'heartbeat_table', '--parameter-value', HEARTBEATS]
      await runOn(lab, source, ['crm_resource', '--resource', RESOURCE, ...set])
      const beats = async () => {
        const [[age] = []] = await lab.sql(replica, `SELECT MAX(at) > NOW(6) - INTERVAL 6 SECOND FROM ${HEARTBEATS}`)
        return age === '1' || undefined
      }
      await lab.waitFor(`heartbeats on ${replica}`, beats, soon())
      const blocked = blockApplier(lab, replica, 45)
      await readersAt(lab, other, other)
      await blocked
      await readersAt(lab, replica, other)
    },
  },
  {
    title: 'T05: readers leave a replica whose replication is broken, the cluster says why, and they come back with it',
    play: async ({ lab, source, replica, other }) => {
      const table = `${APPLICATION.database}.broken`
      await lab.sql(source, `CREATE TABLE ${table} (id INT PRIMARY KEY) ENGINE = InnoDB`)
      const hasTable = () =>
        lab.sql(replica, `SELECT COUNT(*) FROM ${table}`).then(
          () => true,
          () => undefined,
        )
      await lab.waitFor('the table', hasTable, soon())
      await lab.sql(replica, unguarded(lab, `SET SESSION sql_log_bin = OFF; INSERT INTO ${table} VALUES (1)`))
      await lab.sql(source, `INSERT INTO ${table} VALUES (1)`)
      await readersAt(lab, other, other)
      await score(lab, replica, '-INFINITY')
      const says = async () => (await attribute(lab, replica, ATTRIBUTES.degraded(RESOURCE))) || undefined
      expect(await lab.waitFor('a complaint', says, soon())).toMatch(/applier that stopped with an error: .*1062/)
      await lab.sql(replica, unguarded(lab, `SET SESSION sql_log_bin = OFF; DELETE FROM ${table}`))
      await lab.sql(replica, START_APPLIER[lab.engine.flavour])
      await readersAt(lab, replica, other)
    },
  },
  {
    title: 'T06: a backup takes the readers, may stop the applier, and keeps its node from being promoted',
    play: async ({ lab, source, replica, other }) => {
      await runOn(lab, replica, ['touch', LOCK])
      await readersAt(lab, other, other)
      await score(lab, replica, '50')
      await lab.sql(replica, STOP_APPLIER[lab.engine.flavour])
      const since = await lab.sql(source, `SELECT NOW() + INTERVAL 21 SECOND`)
      const isLater = async () =>
        (await lab.sql(source, `SELECT NOW() > '${since[0]?.[0]}'`))[0]?.[0] === '1' || undefined
      await lab.waitFor('two monitors of the replica', isLater, soon())
      expect(await replicaState(lab, replica)).toMatchObject({ source, receiving: true, applying: false })
      await signalServer(lab, source, 'KILL')
      expect(await otherSource(lab, source, soon())).toBe(other)
      await runOn(lab, replica, ['rm', LOCK])
      await waitUntilHealthy(lab, soon())
      await readersAt(lab, replica, source)
    },
  },
  {
    title: 'a program runs on the node of a new source, within its time, and the promotion does not wait for it',
    play: async ({ lab, source, replica }) => {
      const text = '#!/bin/sh\nenv >/run/heard\necho told\nsleep 1000\n'
      for (const node of lab.nodes) {
        await runOn(lab, node, ['sh', '-c', `cat >${SCRIPT}; chmod 755 ${SCRIPT}`], { input: text })
      }
      await switchOver(lab, replica)
      const said = async () => {
        const { stdout } = await lab.exec(replica, ['grep', '-h', 'post_promote_script', PACEMAKER_LOG])
        return /was ended after 5 s/.test(stdout) ? stdout : undefined
      }
      expect(await lab.waitFor('the end of the program', said, soon())).toMatch(/post_promote_script: told/)
      const heard = await runOn(lab, replica, ['cat', '/run/heard'])
      expect(heard).toMatch(new RegExp(`^HEIR_OLD_SOURCE=${source}$`, 'm'))
      expect(heard).toMatch(/^HEIR_GTID=\S+$/m)
    },
  },
  { title: 'T07: a replica applies its relay log before it takes writes', play: play('undrained') },
  { title: 'T08: statements under way are ended by a demotion', play: play('long-statement') },
  {
    title: 'T09: a server that does not stop is killed within the time, and nobody is fenced',
    play: async ({ lab, replica }) => {
      const fencings = (await lab.powerLog()).length
      await signalServer(lab, replica, 'STOP')
      await setStandby(lab, replica, 'on')
      const isStopped = async () => {
        const status = await lab.cluster()
        return status?.resources.every(({ id, node }) => id !== RESOURCE || node !== replica) || undefined
      }
      await lab.waitFor(`the server of ${replica} stopped`, isStopped, soon())
      await setStandby(lab, replica, 'off')
      await waitUntilHealthy(lab, soon())
      expect((await lab.powerLog()).length).toBe(fencings)
    },
  },
]

describe.each(['mariadb-10.11'] as const)('%s', engine => {
  const cluster = clusterUnderLoad({ engine, parameters: PARAMETERS }, RATE)

  test.each(SCENARIOS)('$title', async ({ play }) => {
    const { lab, load } = cluster()
    const source = await waitUntilCertified(lab, Deadline.in(2 * WITHIN))
    const [replica = '', other = ''] = lab.nodes.filter(node => node !== source)
    await play({ lab, load, source, replica, other })
  })

  test('every node holds every acknowledged write in the end, and nothing that nobody sent', async () => {
    const { lab, load } = cluster()
    const attempts = await load.stop()
    await waitUntilHealthy(lab, soon())
    const verdicts = judge(attempts, await heldRows(lab, lab.nodes))
    for (const { missing, foreign } of verdicts) expect([missing, foreign]).toEqual([[], []])
    expect(new Set(verdicts.map(({ rows }) => rows)).size).toBe(1)
  })
})
