import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'node_modules/.bin')
const CONFIG = join(ROOT, 'test/vitest.config.ts')
const MINUTE = 60_000

interface Counts {
  readonly passed: number
  readonly failed: number
}

interface Stage {
  readonly name: string
  /** It tries what the stage `package` makes. */
  readonly triesPackage: boolean
  /** It takes too long to be run unasked. */
  readonly isByName: boolean
  readonly run: () => Counts
}

/** What one stage came to. */
export interface StageResult extends Counts {
  readonly name: string
  readonly seconds: number
}

/** Every stage, in the order that finds a mistake soonest. */
export const STAGES = [
  {
    name: 'check',
    triesPackage: false,
    isByName: false,
    run: () => add(succeeds('tsc', '--noEmit'), succeeds('biome', 'check', '.')),
  },
  { name: 'unit', triesPackage: false, isByName: false, run: () => vitest('unit', 10 * MINUTE) },
  { name: 'package', triesPackage: false, isByName: false, run: () => succeeds('node', 'packaging/rpm.ts') },
  { name: 'ocf', triesPackage: true, isByName: false, run: () => vitest('ocf', 12 * MINUTE) },
  { name: 'servers', triesPackage: true, isByName: false, run: () => vitest('servers', 40 * MINUTE) },
  { name: 'cluster', triesPackage: true, isByName: false, run: () => vitest('cluster', 45 * MINUTE) },
  { name: 'scenarios', triesPackage: true, isByName: true, run: () => vitest('scenarios', 240 * MINUTE) },
] as const satisfies readonly Stage[]

export type StageName = (typeof STAGES)[number]['name']

const FAILED: Counts = { passed: 0, failed: 1 }

/** Run the chosen stages, and `package` where one of them needs it. A stage that cannot run counts as a failure. */
export function runStages(chosen: readonly StageName[]): StageResult[] {
  const needsPackage = STAGES.some(({ name, triesPackage }) => triesPackage && chosen.includes(name))
  const results: StageResult[] = []
  for (const { name, triesPackage, run } of STAGES) {
    if (!chosen.includes(name) && !(needsPackage && name === 'package')) continue
    console.log(`\n=== ${name}`)
    const start = performance.now()
    const packaged = results.every(result => result.name !== 'package' || result.failed === 0)
    const counts = triesPackage && !packaged ? cannotRun('there is no package to try') : run()
    results.push({ name, ...counts, seconds: (performance.now() - start) / 1000 })
  }
  return results
}

function cannotRun(because: string): Counts {
  console.error(`cannot run: ${because}`)
  return FAILED
}

const add = (one: Counts, other: Counts): Counts => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
})

function execute(tool: string, args: readonly string[], timeout: number): boolean {
  const { status, error } = spawnSync(join(BIN, tool), args, { cwd: ROOT, stdio: 'inherit', timeout })
  if (error !== undefined) console.error(`${tool}: ${error.message}`)
  return status === 0
}

function succeeds(tool: string, ...args: readonly string[]): Counts {
  return execute(tool, args, 5 * MINUTE) ? { passed: 1, failed: 0 } : FAILED
}

/** Run one project of vitest and count by its own report. */
function vitest(project: string, timeout: number): Counts {
  const directory = mkdtempSync(join(tmpdir(), 'heir-test-'))
  const report = join(directory, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  try {
    const succeeded = execute('vitest', ['run', '--config', CONFIG, '--project', project, ...reporters], timeout)
    if (!existsSync(report)) return cannotRun(`vitest left no report of ${project}`)
    return countsOf(JSON.parse(readFileSync(report, 'utf8')), succeeded)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

interface Report {
  readonly numPassedTests: number
  readonly numTotalTests: number
}

/** What did not pass failed: a test that was skipped, a file that could not be loaded, a run without any test. */
function countsOf({ numPassedTests: passed, numTotalTests: total }: Report, succeeded: boolean): Counts {
  const failed = total - passed
  return { passed, failed: failed === 0 && !(succeeded && total > 0) ? 1 : failed }
}
