import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../../lib/system/deadline.ts'
import { runOn } from '../../lab/damage.ts'
import type { Lab } from '../../lab/lab.ts'
import { draw } from '../scene.ts'
import type { Fault } from '../types.ts'

const SHUT_DISK = readFileSync(new URL('../shut_disk.py', import.meta.url), 'utf8')

const DATA = '/var/lib/mysql'

/** Whoever is not root gets no block any more: what root keeps for itself stays. */
const FILL = `
avail=$(df --output=avail --block-size=1 ${DATA} | tail -1)
fallocate --length $((avail - 4194304)) ${DATA}/filler
setpriv --reuid mysql --clear-groups dd if=/dev/zero of=${DATA}/filler-rest bs=64k 2>/dev/null || :
df --output=avail ${DATA} | tail -1
`

const dataDisk = { dataDisk: true }

const CARELESS = ['SET GLOBAL sync_binlog = 0', 'SET GLOBAL innodb_flush_log_at_trx_commit = 0']

/** The disk with the data fails. */
export const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'full-disk',
    title: "disk full on the primary's data file system, for half a minute",
    needs: dataDisk,
    happen: async ({ lab, source, note }) => {
      await runOn(lab, source, ['install', '-o', 'mysql', '/dev/null', `${DATA}/filler-rest`])
      note(`blocks left: ${(await runOn(lab, source, ['sh', '-ec', FILL])).trim()}`)
      await delay(30_000)
      await runOn(lab, source, ['rm', '-f', `${DATA}/filler`, `${DATA}/filler-rest`])
      return {}
    },
  },
  {
    name: 'unsynced-source',
    title: 'power loss of the primary; its disk loses what was not synced',
    needs: dataDisk,
    happen: async ({ lab, source }) => {
      await losePower(lab, source)
      return { source: 'moves', fenced: [source] }
    },
  },
  {
    name: 'careless-source',
    title: 'the primary told not to wait for its disk; power loss of it, its disk loses what was not synced',
    needs: dataDisk,
    leavesQuarantine: true,
    happen: async ({ lab, source, note }) => {
      for (const setting of CARELESS) await lab.sql(source, setting)
      const told = async () => {
        const guarantee = await lab.exec(source, [
          'crm_attribute',
          '--type',
          'crm_config',
          '--name',
          'db-guarantee',
          '--query',
        ])
        return / synced=no/.test(guarantee.stdout) || undefined
      }
      await lab.waitFor('the cluster to be told', told, Deadline.in(60_000))
      note('the cluster has been told')
      await delay(4000)
      await losePower(lab, source)
      return { source: 'moves', fenced: [source], quarantined: [source] }
    },
  },
  {
    name: 'unsynced-all',
    title: 'power loss of all nodes; their disks lose what was not synced',
    needs: dataDisk,
    happen: async scene => {
      const { lab } = scene
      await Promise.all(lab.nodes.map(node => losePower(lab, node)))
      await delay(draw(scene, 'seconds without power', 2, 10) * 1000)
      await Promise.all(lab.nodes.map(node => lab.start(node)))
      return { fenced: lab.nodes }
    },
  },
]

/** What is in no journal and no block of the disk by now is gone; the servers see a broken disk until the power goes, a moment later. */
async function losePower(lab: Lab, node: string): Promise<void> {
  await runOn(lab, node, ['python3', '-', DATA], { input: SHUT_DISK })
  await lab.off(node)
}
