import { expect, test } from 'vitest'
import { ACTIONS } from '../../agent/action-table.ts'
import { runCommand } from '../../agent/commands/command-line.ts'
import { OCF } from '../../agent/exit-code.ts'
import { PARAMETERS } from '../../agent/parameter-table.ts'
import { manPage } from '../../packaging/man-page.ts'
import { entry, example, paragraph } from '../../packaging/roff.ts'
import { UNWATCHED } from '../agent/commands/unwatched.ts'

const page = manPage()
const terms = [...page.matchAll(/^\.TP\n\.B "(.*)"$/gm)].map(([, term]) => term?.replaceAll('\\-', '-') ?? '')

test('the manual has its sections in the usual order', () => {
  expect(page.match(/(?<=^\.SH ).*/gm)).toEqual([
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'COMMANDS',
    'ACTIONS',
    'PARAMETERS',
    'EXIT CODES',
    'FILES',
    'EXAMPLES',
    'SEE ALSO',
  ])
})

test('every parameter, action and exit code has its entry', () => {
  for (const name of Object.keys(PARAMETERS))
    expect(
      terms.some(term => term.startsWith(`${name} (`)),
      name,
    ).toBe(true)
  for (const { name } of ACTIONS)
    expect(
      terms.some(term => term.split(' ')[0] === name),
      name,
    ).toBe(true)
  for (const [name, code] of Object.entries(OCF)) expect(terms).toContain(`${code} (${name})`)
})

test('every command that the program lists has its entry', async () => {
  const { output } = await runCommand(['--help'], UNWATCHED)
  const commands = [...output.matchAll(/^ {2}heir (\w+)/gm)].map(([, command]) => command)
  expect(commands.length).toBeGreaterThan(0)
  for (const command of commands)
    expect(
      terms.some(term => term.startsWith(`heir ${command} `)),
      command,
    ).toBe(true)
})

test('what roff would take for a request or an escape is shown as it is', () => {
  expect(paragraph('.TH is\n.not a request')).toBe('.PP\n\\&.TH is\n\\&.not a request\n')
  expect(paragraph("'quoted")).toBe(".PP\n\\&'quoted\n")
  expect(paragraph('a\\b --c')).toBe('.PP\na\\eb \\-\\-c\n')
  expect(entry('say "so"', 'a', 'b')).toBe('.TP\n.B "say \\(dqso\\(dq"\na\n.IP\nb\n')
  expect(example('a \\\n  b')).toBe('.PP\n.RS 4\n.nf\na \\e\n  b\n.fi\n.RE\n')
})
