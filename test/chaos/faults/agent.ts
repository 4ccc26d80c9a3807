import { readFileSync } from 'node:fs'
import { Deadline } from '../../../lib/system/deadline.ts'
import { runOn, signalServer } from '../../lab/damage.ts'
import { RESOURCE } from '../../lab/heir-cluster.ts'
import type { Lab } from '../../lab/lab.ts'
import { draw } from '../scene.ts'
import type { Fault, Scene } from '../types.ts'

const program = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

const KILL_AT_STEP = program('kill_at_step.py')
const KILL_AGENTS = program('kill_agents.py')

/** Where the agent writes its trace when the cluster asks for one. */
const TRACE = `/run/heir-${RESOURCE}.trace`
const STOP = '/run/chaos-stop'

/** No plan of a promotion is longer; one that is shorter is told in the note. */
const MOST_STEPS = 12

const atStep = (number: number): Fault => ({
  name: `promote-killed-${number}`,
  title: `kill -9 of the primary's server, and of the promotion that follows at its step ${number}`,
  happen: scene => killPromotion(scene, number),
})

/** The agent's own processes are killed. */
export const AGENT_FAULTS: readonly Fault[] = [
  ...Array.from({ length: MOST_STEPS }, (_, index) => atStep(index + 1)),
  {
    name: 'agent-killed',
    title: 'every third process of the agent killed on all nodes, for 20 s',
    happen: async scene => {
      const { lab, note } = scene
      const seed = draw(scene, 'seed of the killers', 0, 1_000_000)
      const told = lab.nodes.map(node => {
        const argv = ['python3', '-', '/usr/bin/heir', '20', '33', `${seed}-${node}`]
        return runOn(lab, node, argv, { input: KILL_AGENTS }).then(
          text => `${node}: ${text}`,
          () => `${node}: fenced meanwhile`,
        )
      })
      note((await Promise.all(told)).join('; '))
      return { fenced: [...lab.nodes, ...lab.nodes] } // a stop that was killed is a stop that failed
    },
  },
]

/** The cluster is told to trace promotions, as its administrators do: the agent then names each step just before it takes it. */
async function killPromotion(scene: Scene, number: number) {
  const { lab, source, replicas, note } = scene
  await runOn(lab, source, ['crm', 'resource', 'trace', RESOURCE, 'promote', '0'])
  try {
    const killers = replicas.map(replica => killAtStep(lab, replica, number))
    await signalServer(lab, source, 'KILL')
    note(await Promise.race([...killers.map(onlyIfKilled), Promise.all(killers).then(told => told.join('; '))]))
    await Promise.all(replicas.map(replica => runOn(lab, replica, ['touch', STOP])))
    await Promise.all(killers)
  } finally {
    await Promise.all(lab.nodes.map(node => runOn(lab, node, ['rm', '-f', STOP])))
    await runOn(lab, source, ['crm', 'resource', 'untrace', RESOURCE, 'promote', '0'])
  }
  return {}
}

const WATCHED_SECONDS = 20

async function killAtStep(lab: Lab, replica: string, number: number): Promise<string> {
  const argv = ['python3', '-', TRACE, String(number), String(WATCHED_SECONDS), STOP]
  const { stdout } = await lab.exec(replica, argv, { input: KILL_AT_STEP, deadline: Deadline.in(60_000) })
  return `${replica}: ${stdout}`
}

async function onlyIfKilled(killer: Promise<string>): Promise<string> {
  const told = await killer
  return told.includes('killed') ? told : await new Promise<never>(() => {})
}
