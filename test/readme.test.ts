import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../agent/commands/command-line.ts'
import { FORMATS } from '../agent/commands/configure-request.ts'
import manifest from '../package.json' with { type: 'json' }
import { fillTables, placesIn, README, TABLES } from '../packaging/readme.ts'
import { UNWATCHED } from './agent/commands/unwatched.ts'
import { STAGES } from './stages.ts'

const ROOT = join(import.meta.dirname, '..')
const text = readFileSync(README, 'utf8')

/** What stands between backticks or in a block of code, and what links point at. */
const quoted = [
  ...[...text.matchAll(/^ *```\w*\n(.*?)^ *```$/gms)].flatMap(([, block = '']) => block.split('\n')),
  ...[...text.replaceAll(/^ *```.*?^ *```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span),
]
const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)

test('every table is there once, as the code has it', () => {
  expect(placesIn(text).toSorted()).toEqual(Object.keys(TABLES).toSorted())
  expect(fillTables(text)).toBe(text)
})

test('a place for a table that does not exist is an error', () => {
  const place = '<!-- table: tides, written by npm run readme -->\n<!-- end of table -->'
  expect(() => fillTables(place)).toThrow('tides')
})

test('every script that it names exists', () => {
  const scripts = quoted.flatMap(words => [...words.matchAll(/\bnpm (?:run )?([\w-]+)/g)].map(([, name]) => name))
  expect(scripts).toContain('demo')
  expect(scripts.filter(name => !Object.hasOwn(manifest.scripts, name ?? ''))).toEqual([])
})

test('every file of the repository that it names exists', () => {
  const files = quoted.filter(words => /^(?:agent|cib|lib|packaging|test)\/[\w./-]*$/.test(words))
  const linked = links.filter(target => !target.startsWith('#'))
  expect(files.length).toBeGreaterThan(10)
  expect([...files, ...linked].filter(path => !existsSync(join(ROOT, path)))).toEqual([])
})

test('every link within it leads to a heading', () => {
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = '']) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-')}`,
  )
  expect(links.filter(target => target.startsWith('#') && !anchors.includes(target))).toEqual([])
})

test('the stages of the tests are those that run', () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| [^|]+ \|$/gm)].map(([, name]) => name)
  expect(rows).toEqual(STAGES.map(({ name }) => name))
})

const CONFIGURE = /^ *heir (configure .+?)(?: --credentials \S+)?(?: *[>|].*)?$/
/** Those that only print. */
const commands = quoted
  .flatMap(line => CONFIGURE.exec(line)?.[1] ?? [])
  .filter(words => !/--(?:diff|apply)\b/.test(words))
/** The files that they take, each a block that begins with its name; the first one is cluster.yaml. */
const descriptions = [...text.matchAll(/^```yaml\n(?:# (\S+)\n)?(.*?)^```$/gms)].map(
  ([, name = 'cluster.yaml', content = '']) => [name, content] as const,
)

test('it shows a command for each format', () => {
  const shown = new Set(commands.map(words => /--format (\S+)/.exec(words)?.[1]))
  expect([...shown].toSorted()).toEqual([...FORMATS].toSorted())
})

test.each(commands)('heir %s prints a configuration', async words => {
  const directory = await mkdtemp(join(tmpdir(), 'heir-readme-'))
  for (const [name, content] of descriptions) await writeFile(join(directory, name), content)
  onTestFinished(() => rm(directory, { recursive: true }))
  expect(
    await runCommand(words.replace(/\S+\.yaml/, name => join(directory, name)).split(' '), UNWATCHED),
  ).toMatchObject({
    exit: 0,
    output: expect.stringContaining('#'),
  })
})
