import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
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
  /** Undefined where no cluster came up. */
  readonly versions?: Versions | undefined
  readonly outcomes: readonly FaultOutcome[]
}

/** Write the run's file, in the place of an earlier one of the same engine. */
export async function saveEngineRun(directory: string, run: EngineRun): Promise<void> {
  await writeFile(file(directory, run.engine), `${JSON.stringify(run, undefined, 2)}\n`)
}

/** Every run in the directory, in the order of the engines. */
export async function loadEngineRuns(directory: string): Promise<EngineRun[]> {
  const files = ENGINE_NAMES.map(engine => file(directory, engine)).filter(existsSync)
  return await Promise.all(files.map(async path => JSON.parse(await readFile(path, 'utf8')) as EngineRun))
}

const file = (directory: string, engine: EngineName) => join(directory, `${engine}.json`)
