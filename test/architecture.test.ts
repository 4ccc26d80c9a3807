import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { type Import, readSources, type SourceFile } from './source-tree.ts'

const ROOT = join(import.meta.dirname, '..')
const EVERYTHING = readSources(['agent', 'cib', 'lib', 'packaging', 'test'])
const PROGRAM = EVERYTHING.filter(({ path }) => /^(?:agent|cib|lib)\//.test(path))
const BY_PATH = new Map(PROGRAM.map(file => [file.path, file]))

/** Builtins and packages that reach the world outside the process. */
const WORLD = /^(?:node:(?:fs|net|child_process|timers|os)(?:\/|$)|mysql2|execa)/

/** Where the agent may touch the world; everything else in agent/ judges what it is given. */
const SHELL =
  /^agent\/(?:main|agent|run|pair-topology|session|publish|find-binary|log-place|observe(?:-.+)?|apply(?:-.+)?|actions\/validate-all|commands\/.+)\.ts$/

const running = ({ imports }: SourceFile) => imports.filter(({ typesOnly }) => !typesOnly)
const importers = (of: (imported: Import) => boolean) =>
  PROGRAM.filter(({ imports }) => imports.some(of)).map(({ path }) => path)

/** The chain of imports by which a file reaches something, or undefined. */
function chain(path: string, reached: (module: string) => boolean, passed: readonly string[] = []): string | undefined {
  for (const { module } of running(BY_PATH.get(path) ?? never(path))) {
    if (reached(module)) return [...passed, path, module].join(' → ')
    if (!BY_PATH.has(module) || passed.includes(module)) continue
    const rest = chain(module, reached, [...passed, path])
    if (rest !== undefined) return rest
  }
  return undefined
}

function never(path: string): never {
  throw new Error(`${path}: imported, but no source file`)
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

test('lib knows neither cib nor agent, and cib does not know agent', () => {
  const upwards = { lib: /^(?:cib|agent)\//, cib: /^agent\// }
  for (const [area, forbidden] of Object.entries(upwards)) {
    const below = PROGRAM.filter(({ path }) => path.startsWith(`${area}/`))
    const strays = below.filter(({ imports }) => imports.some(({ module }) => forbidden.test(module)))
    expect(strays.map(({ path }) => path)).toEqual([])
  }
})

test('nothing imports the program from its top', () => {
  expect(importers(({ module }) => module === 'agent/main.ts')).toEqual([])
  expect(importers(({ module }) => /^(?:packaging|test)\//.test(module))).toEqual([])
})

test('no file reaches itself by its imports', () => {
  const cycles = PROGRAM.map(({ path }) => chain(path, module => module === path))
  expect(cycles.filter(cycle => cycle !== undefined)).toEqual([])
})

test('only main.ts touches the process', () => {
  expect(PROGRAM.filter(({ processUses }) => processUses.length > 0).map(({ path }) => path)).toEqual(['agent/main.ts'])
  // To send a signal is no business with this process.
  expect(importers(({ module }) => module === 'node:process')).toEqual(['lib/system/process-table.ts'])
})

test('only command.ts starts programs and waits for them', () => {
  expect(importers(({ module }) => /^(?:execa|node:child_process)$/.test(module))).toEqual(['lib/system/command.ts'])
})

test('only flavour.ts knows the old words of the servers', () => {
  const speakers = PROGRAM.filter(({ text }) => /MASTER|SLAVE/.test(text)).map(({ path }) => path)
  expect(speakers).toEqual(['lib/mysql/flavour.ts'])
})

test('what the agent judges, it judges without touching the world', () => {
  const judges = PROGRAM.filter(({ path }) => path.startsWith('agent/') && !SHELL.test(path))
  const reaching = judges.map(({ path }) => chain(path, module => WORLD.test(module)))
  expect(judges.length).toBeGreaterThan(10)
  expect(reaching.filter(found => found !== undefined)).toEqual([])
})

test('no file is a barrel or a drawer for what has no name', () => {
  const nameless = EVERYTHING.filter(({ path }) => /^(?:index|utils?|helpers?|misc|common)\.ts$/.test(basename(path)))
  expect(nameless.map(({ path }) => path)).toEqual([])
})

test('every export says what it is for', () => {
  const isBare = (line: string, before: string | undefined) =>
    /^export (?:async )?(?:function|class|const|interface|type)\b/.test(line) && !before?.endsWith('*/')
  const bare = PROGRAM.flatMap(({ path, text }) => {
    const lines = text.split('\n')
    return lines.flatMap((line, at) => (isBare(line, lines[at - 1]) ? [`${path}:${at + 1}`] : []))
  })
  expect(bare).toEqual([])
})

test('no failure is caught and forgotten', () => {
  expect(EVERYTHING.flatMap(({ emptyCatches }) => emptyCatches)).toEqual([])
})

test('files and functions keep to a size that can be read at once', () => {
  const functions = EVERYTHING.flatMap(({ path, functions }) => (path.endsWith('.test.ts') ? [] : functions))
  expect(EVERYTHING.filter(({ lines }) => lines > 200).map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([])
  expect(functions.filter(({ lines }) => lines > 40).map(({ place, lines }) => `${place}: ${lines} lines`)).toEqual([])
  expect(median(PROGRAM.map(({ lines }) => lines))).toBeLessThanOrEqual(80)
  expect(
    median(PROGRAM.flatMap(file => file.functions.filter(({ named }) => named).map(({ lines }) => lines))),
  ).toBeLessThanOrEqual(10)
})

test('nothing in the tree names a directory of the machine that it was written on', () => {
  const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter(path => !/^(?:node_modules|dist|\.git)\//.test(path))
  const own = /(?:^|[\s'"`=:(])\/(?:work|home\/\w+|Users\/\w+|tmp\/\w+)\//m
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter(path => own.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
})
