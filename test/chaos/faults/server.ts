import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../../lib/system/deadline.ts'
import { runOn, signalServer } from '../../lab/damage.ts'
import { nodeAddress } from '../../lab/network-plan.ts'
import { CLIENT } from '../../lab/rack-plan.ts'
import { otherSource } from '../other-source.ts'
import { draw } from '../scene.ts'
import type { Fault } from '../types.ts'

const CROWD = new URL('../crowd.ts', import.meta.url).pathname

/**
 * Kill the server as soon as it runs again, so many seconds into its crash recovery; within a minute or not at all.
 * The program runs for other purposes too: only the server writes a file with its process id.
 */
const KILL_RECOVERING = `
tries=1200
until pgrep -f '[-]-pid-file=' >/dev/null && sleep "$1" && pkill -KILL -f '[-]-pid-file='; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || { echo 'the server does not start again'; exit 1; }
  sleep 0.05
done
`

/** The source's server is hit, and nothing else. */
export const SERVER_FAULTS: readonly Fault[] = [
  {
    name: 'kill-source',
    title: "kill -9 of the primary's server",
    happen: async ({ lab, source }) => {
      await signalServer(lab, source, 'KILL')
      return { source: 'moves' }
    },
  },
  {
    name: 'kill-recovering',
    title: "kill -9 of the primary's server, and again while it recovers from the crash",
    happen: async scene => {
      const { lab, source } = scene
      await signalServer(lab, source, 'KILL')
      const wait = String(draw(scene, 'milliseconds into the recovery', 0, 400) / 1000)
      const script = ['sh', '-c', KILL_RECOVERING, 'sh', wait]
      await runOn(lab, source, script)
      return {}
    },
  },
  {
    name: 'kill-twice',
    title: "kill -9 of the primary's server, and of the next primary's as soon as there is one",
    happen: async ({ lab, source, note }) => {
      await signalServer(lab, source, 'KILL')
      const next = await otherSource(lab, source, Deadline.in(60_000))
      note(`the next primary is ${next}`)
      await signalServer(lab, next, 'KILL')
      return {}
    },
  },
  {
    name: 'stop-signal',
    title: "SIGSTOP of the primary's server",
    happen: async ({ lab, source }) => {
      await signalServer(lab, source, 'STOP')
      return { source: 'moves' }
    },
  },
  {
    name: 'crowd',
    title: 'all connections of the primary are taken for 25 s',
    happen: async ({ lab, source, note }) => {
      // The limit of each account is what usually keeps this from happening.
      await lab.sql(source, 'SET GLOBAL max_user_connections = 0')
      const argv = [process.execPath, CROWD, nodeAddress(source), '25']
      note(await runOn(lab, CLIENT, argv, { deadline: Deadline.in(60_000) }))
      await delay(1000)
      return { source: 'stays' }
    },
  },
]
