import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Step } from '../../../agent/plan.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { runOn, signalServer } from '../../lab/damage.ts'
import { RESOURCE, waitUntilHealthy } from '../../lab/heir-cluster.ts'
import type { Lab } from '../../lab/lab.ts'
import { draw } from '../scene.ts'
import type { Expectations, Fault, Scene } from '../types.ts'

const program = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

const KILL_AT_STEP = program('kill_at_step.py')
const KILL_AGENTS = program('kill_agents.py')

/** Where the agent writes its trace when the cluster asks for one. */
const TRACE = `/run/heir-${RESOURCE}.trace`
const STOP = '/run/chaos-stop'

/** The steps of a promotion that every promotion takes. */
const STEPS = [
  'drain-relay-log',
  'disarm-replica',
  'forget-source',
  'arm-source',
  'publish-source',
  'open-writes',
] as const satisfies readonly Step['do'][]

const atStep = (step: Step['do']): Fault => ({
  name: `promote-${step}`,
  title: `kill -9 of the primary's server, and of the promotion that follows at its step ${step}`,
  happen: scene => killPromotion(scene, step),
})

/** The agent's own processes are killed. */
export const AGENT_FAULTS: readonly Fault[] = [
  ...STEPS.map(atStep),
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
async function killPromotion({ lab, source: before, note }: Scene, step: string): Promise<Expectations> {
  await runOn(lab, before, ['crm', 'resource', 'trace', RESOURCE, 'promote', '0'])
  try {
    const source = await settledSource(lab)
    const replicas = lab.nodes.filter(node => node !== source)
    const watches = replicas.map(replica => killAtStep(lab, replica, step))
    await delay(WATCHING_MS)
    await signalServer(lab, source, 'KILL')
    note(`killed on ${await firstKill(watches)}`)
    await Promise.all(replicas.map(replica => runOn(lab, replica, ['touch', STOP])))
    await Promise.all(watches)
  } finally {
    await Promise.all(lab.nodes.map(node => runOn(lab, node, ['rm', '-f', STOP])))
    await runOn(lab, before, ['crm', 'resource', 'untrace', RESOURCE, 'promote', '0'])
  }
  return {}
}

/** To trace an action changes its definition: Pacemaker may restart an instance whose last action it was. */
async function settledSource(lab: Lab): Promise<string> {
  await delay(SETTLING_MS)
  return await waitUntilHealthy(lab, Deadline.in(60_000))
}

/** Until Pacemaker has planned, and begun. */
const SETTLING_MS = 3000

/** A busy machine takes so long to start what watches. */
const WATCHING_MS = 1000
const WATCHED_SECONDS = 60

interface Watched {
  readonly replica: string
  readonly killed: boolean
  readonly told: string
}

async function killAtStep(lab: Lab, replica: string, step: string): Promise<Watched> {
  const argv = ['python3', '-', TRACE, step, String(WATCHED_SECONDS), STOP]
  const deadline = Deadline.in((WATCHED_SECONDS + 30) * 1000)
  try {
    const { exitCode, stdout, stderr } = await lab.exec(replica, argv, { input: KILL_AT_STEP, deadline })
    return { replica, killed: exitCode === 0, told: `${replica}: ${stdout}${stderr}` }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { replica, killed: false, told: error.message } // its node was powered off, or did not get to it
  }
}

/** The replica on which a promotion was killed, as soon as there is one. Throws Failure when there was none. */
async function firstKill(watches: readonly Promise<Watched>[]): Promise<string> {
  const kills = watches.map(async watch => {
    const { killed, replica, told } = await watch
    if (!killed) throw new Failure('rejected', told)
    return replica
  })
  return await Promise.any(kills).catch((error: AggregateError) => {
    throw new Failure('rejected', `no promotion was killed: ${error.errors.map(String).join('; ')}`)
  })
}
