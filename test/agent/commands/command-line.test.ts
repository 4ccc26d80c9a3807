import { expect, test } from 'vitest'
import { runCommand } from '../../../agent/commands/command-line.ts'
import { UNWATCHED } from './unwatched.ts'

test.each<[readonly string[], string]>([
  [[], 'name a command: "heir --help" lists them'],
  [[''], 'name a command: "heir --help" lists them'],
  [['frobnicate'], 'frobnicate is neither a command nor a word of one: "heir --help" lists the commands'],
  [['help', 'seed'], 'help is neither a command nor a word of one: "heir --help" lists the commands'],
  [['start', 'stop'], 'start, stop are neither a command nor a word of one: "heir --help" lists the commands'],
  [['seed', '--quickly'], 'quickly is unknown: "heir seed --help" lists the words'],
  [['seed', 'now'], 'now is neither a command nor a word of one: "heir --help" lists the commands'],
  [['switchover'], '--to is missing: "heir switchover --help" says what it is'],
  [['promote'], 'missing are to, accept-loss: "heir promote --help" says what they are'],
  [['switchover', '--to'], '--to has no value: write one behind it'],
  [['switchover', '--to', ''], '--to has no value: write one behind it'],
  [['switchover', '--to='], '--to has no value: write one behind it'],
  [['configure', '--check-port', '--format', 'crm'], '--check-port has no value: write one behind it'],
  [['configure', '--set', '--format', 'crm'], '--set has no value: write one behind it'],
  [['rejoin', '--discard=yes'], '--discard=yes is neither true nor false: write --discard alone, or leave it out'],
  [['seed', '--method', 'scp'], '--method "scp" is not possible: use one of "clone", "backup", "dump"'],
  [['seed', '--port', 'high'], '--port is no number: write digits behind it'],
  [['switchover', '--to', 'a', '--to', 'b'], '--to is given twice: give it once'],
  [['switchover', '--to', 'a', '--timeout', '0'], '--timeout 0 is no number of seconds to wait: use 1 to 86400'],
  [['rejoin', '--timeout', '1e9'], '--timeout 1000000000 is no number of seconds to wait: use 1 to 86400'],
])('%j is answered in one sentence', async (words, complaint) => {
  expect(await runCommand(words, UNWATCHED)).toEqual({ exit: 1, output: '', complaint })
})

test.each([[['--help']], [['-h']], [['help']]])('%j lists the commands', async words => {
  expect(await runCommand(words, UNWATCHED)).toEqual({ exit: 0, output: expect.stringContaining('heir switchover') })
})
