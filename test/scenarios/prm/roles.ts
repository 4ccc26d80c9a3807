import { expect } from 'vitest'
import { faultNamed } from '../../chaos/faults.ts'
import { otherSource } from '../../chaos/other-source.ts'
import { trial } from '../../chaos/trial.ts'
import { runOn, STOP_APPLIER, setStandby, signalServer, switchOver } from '../../lab/damage.ts'
import { RESOURCE, replicaState, waitUntilHealthy } from '../../lab/heir-cluster.ts'
import { LOCK, readersAt, SCRIPT, type Scenario, type Stage, score, soon } from './stage.ts'

const PACEMAKER_LOG = '/var/log/pacemaker/pacemaker.log'

const play = (fault: string) => async (stage: Stage) => {
  const outcome = await trial(stage.lab, stage.load, faultNamed(fault))
  expect(outcome).toMatchObject({ lost: 0 })
  expect(outcome.after).not.toBe(outcome.before)
}

/** Who is promoted, and what becomes of servers that are in the way. */
export const ROLES: readonly Scenario[] = [
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
