import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ENGINE_NAMES, type EngineName } from '../lab/engines.ts'
import type { FaultOutcome } from './types.ts'
import type { Versions } from './versions.ts'

/** All rows of one engine, and what they were made with. Kept as JSON: a report is rendered from any number of them. */
export interface EngineRun {
  readonly engine: EngineName
  /** When it began, in milliseconds since 1970. */
  readonly at: number
  readonly seed: string
  /** For how many minutes faults were drawn at random; undefined where each was due once. */
  readonly minutes?: number | undefined
  /** Parameters of the resource beside those that every cluster has, each as `name=value`. */
  readonly parameters?: readonly string[] | undefined
  /** Undefined where no cluster came up. */
  readonly versions?: Versions | undefined
  readonly outcomes: readonly FaultOutcome[]
}

/** Which faults happen to which cluster: what makes two runs the same one, run again. */
export type RunKind = Pick<EngineRun, 'engine' | 'minutes' | 'parameters'>

/** Write the run's file, in the place of an earlier one of the same kind. */
export async function saveEngineRun(directory: string, run: EngineRun): Promise<void> {
  await writeFile(file(directory, run), `${JSON.stringify(run, undefined, 2)}\n`)
}

/** Every run in the directory, in the order of the engines. */
export async function loadEngineRuns(directory: string): Promise<EngineRun[]> {
  const files = (await readdir(directory)).filter(name => name.endsWith('.json')).toSorted()
  const runs = files.map(async name => JSON.parse(await readFile(join(directory, name), 'utf8')) as EngineRun)
  return (await Promise.all(runs)).toSorted((a, b) => ENGINE_NAMES.indexOf(a.engine) - ENGINE_NAMES.indexOf(b.engine))
}

/** The run of this kind in the directory; undefined where there is none. */
export async function loadEngineRun(directory: string, kind: RunKind): Promise<EngineRun | undefined> {
  const path = file(directory, kind)
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as EngineRun) : undefined
}

const file = (directory: string, kind: RunKind) => join(directory, `${nameOfRun(kind)}.json`)

/** The kind of a run as a file's name without its ending: `mysql-9.7-random-strict-2`. */
export function nameOfRun({ engine, minutes, parameters = [] }: RunKind): string {
  const values = parameters.map(parameter => parameter.slice(parameter.indexOf('=') + 1))
  return [engine, ...(minutes === undefined ? [] : ['random']), ...values].join('-')
}
