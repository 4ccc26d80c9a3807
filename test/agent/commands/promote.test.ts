import { expect, test } from 'vitest'
import { runCommand } from '../../../agent/commands/command-line.ts'
import { whyNot } from '../../../agent/commands/promote.ts'
import { memory } from '../situations.ts'
import { UNWATCHED } from './unwatched.ts'

const instance = (node: string, role: string) => ({ resource: 'db', node, role, managed: true, failed: false })

test('a loss is accepted in so many words or not at all', async () => {
  const unsaid = await runCommand(['promote', '--to', 'alpha'], UNWATCHED)
  expect(unsaid).toMatchObject({ exit: 1, output: '' })
  expect(unsaid.complaint).toMatch(/accept-loss/)
  const refused = await runCommand(['promote', '--to', 'alpha', '--no-accept-loss'], UNWATCHED)
  expect(refused.complaint).toMatch(/say --accept-loss, or use "heir switchover"/)
})
test('nothing is lost while a source is promoted', () => {
  const instances = [instance('beta', 'Promoted'), instance('alpha', 'Unpromoted')]
  expect(whyNot('alpha', instances, memory())).toMatch(/beta is promoted: .*heir switchover --to alpha/)
})
test('a cluster without a source has nothing to lose', () => {
  expect(whyNot('alpha', [instance('alpha', 'Unpromoted')], memory({ record: undefined }))).toMatch(/no source yet/)
})
test('an instance in quarantine is not promoted by force either', () => {
  const quarantines = new Map([['alpha', 'it holds transactions of its own']])
  expect(whyNot('alpha', [], memory({ quarantines }))).toMatch(/alpha is in quarantine: it holds/)
})
test('in any other case the operator decides', () => {
  expect(whyNot('alpha', [instance('alpha', 'Unpromoted')], memory())).toBeUndefined()
})
