import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deadline } from '../../lib/system/deadline.ts'
import { median } from '../../packaging/measurement.ts'
import type { Lab } from '../lab/lab.ts'
import type { Subject } from './subjects.ts'

/** What one action of one agent costs: medians over the runs. */
export interface Cost {
  readonly name: string
  readonly wallMs: number
  readonly cpuMs: number
  /** The largest of its processes. */
  readonly memoryMib: number
  /** Processes that it starts, and programs that these run. */
  readonly forks: number
  readonly programs: number
  readonly exitCodes: readonly number[]
}

const RUSAGE = readFileSync(join(import.meta.dirname, 'rusage.py'), 'utf8')

type Run = readonly [wallMs: number, cpuMs: number, memoryKib: number, exitCode: number]

/** Measure an action of all subjects on a node, one after the other in every round, so that other load hits all alike. */
export async function measure(
  lab: Lab,
  node: string,
  action: string,
  subjects: readonly Subject[],
  rounds: number,
): Promise<Cost[]> {
  const commands = subjects.map(({ agent, environment }) => ({ argv: [agent, action], environment }))
  const processes: Pick<Cost, 'forks' | 'programs'>[] = []
  // The first run of a subject also finds things as the others left them, and is not counted.
  for (const subject of subjects) processes.push(await countProcesses(lab, node, action, subject))
  const input = JSON.stringify({ rounds, commands })
  const deadline = Deadline.in(rounds * commands.length * 2000)
  const { exitCode, stdout, stderr } = await lab.exec(node, ['python3', '-c', RUSAGE], { input, deadline })
  if (exitCode !== 0) throw new Error(`rusage.py: ${stderr}`)
  const costs: readonly (readonly Run[])[] = JSON.parse(stdout)
  return subjects.map(({ name }, index) => ({
    name,
    forks: 0,
    programs: 0,
    ...processes[index],
    ...summary(costs[index] ?? []),
  }))
}

function summary(runs: readonly Run[]): Pick<Cost, 'wallMs' | 'cpuMs' | 'memoryMib' | 'exitCodes'> {
  return {
    wallMs: middle(runs.map(([wall]) => wall)),
    cpuMs: middle(runs.map(([, cpu]) => cpu)),
    memoryMib: middle(runs.map(([, , memory]) => memory / 1024)),
    exitCodes: [...new Set(runs.map(([, , , exitCode]) => exitCode))],
  }
}

const middle = (numbers: readonly number[]) => median(numbers) ?? Number.NaN

const TRACE = '/tmp/bench.strace'

/** The last of three runs under strace: the first two settle what the agent keeps from one run to the next. */
async function countProcesses(
  lab: Lab,
  node: string,
  action: string,
  { agent, environment }: Subject,
): Promise<Pick<Cost, 'forks' | 'programs'>> {
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const strace = ['strace', '-f', '-qq', '-e', 'trace=process', '-o', TRACE]
  for (let run = 1; run <= 3; run++) await lab.exec(node, ['env', '-i', ...assignments, ...strace, agent, action])
  const { stdout } = await lab.exec(node, ['cat', TRACE])
  return countIn(stdout)
}

/** Threads are made by the same call as processes; the program that strace starts is not counted. */
export function countIn(trace: string): Pick<Cost, 'forks' | 'programs'> {
  const lines = trace.split('\n')
  const forks = lines.filter(line => /^\d+ +(?:v?fork|clone3?)\((?!.*CLONE_THREAD)(?!.* = -1 )/.test(line))
  const programs = lines.filter(line => /^\d+ +(?:execve\(|<\.\.\. execve resumed).* = 0$/.test(line))
  return { forks: forks.length, programs: programs.length - 1 }
}
