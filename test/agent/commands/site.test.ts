import { expect, test } from 'vitest'
import { runCommand } from '../../../agent/commands/command-line.ts'
import { describeSite } from '../../../agent/commands/site.ts'
import { answering, holdings, memory, record } from '../situations.ts'
import { SITE } from './configure-setups.ts'
import { printed } from './configure-words.ts'
import { UNWATCHED } from './unwatched.ts'

test.each([
  [['--give', '--take'], /--give, --take and --prepare contradict each other: choose one/],
  [['--take', '--holding', '0-1-7', '--accept-loss'], /--holding and --accept-loss contradict each other: choose one/],
  [['--accept-loss'], /--holding and --accept-loss belong to --take: add it/],
  [['--prepare', '--accept-loss'], /--accept-loss belongs to --take: with booth, booth grants the ticket/],
])('heir site %j is refused before anything is asked', async (words, complaint) => {
  const answer = await runCommand(['site', ...words], UNWATCHED)
  expect(answer).toMatchObject({ exit: 1, output: '' })
  expect(answer.complaint).toMatch(complaint)
})

test('the promoted role needs the ticket, in the words of each tool', () => {
  const said = (format: string) => printed({ format, set: SITE }).replaceAll(/ \\\n +/g, ' ')
  expect(said('crm')).toContain('rsc_ticket db-clone-with-ticket db-site: db-clone:Promoted loss-policy=demote\n')
  expect(said('pcs')).toContain(
    'constraint ticket add db-site Promoted db-clone loss-policy=demote id=db-clone-with-ticket\n',
  )
  expect(said('cib-xml')).toMatch(
    /<rsc_ticket id="db-clone-with-ticket" rsc="db-clone" rsc-role="Promoted" ticket="db-site" loss-policy="demote"\/>/,
  )
  expect(printed({ format: 'crm' })).not.toContain('ticket')
})

test('the servers of another site have numbers of their own', () => {
  const file = printed({ format: 'my.cnf', engine: 'mariadb', node: 'beta', firstServerId: 101 })
  expect(file).toContain('server_id = 102\n')
})

test('heir site says which site it is, and what the silence of the other one means', () => {
  const place = { host: '10.1.0.100', port: 3306, ticket: 'db-site' }
  const known = memory({ record: record({ node: 'alpha', proven: false }), handover: holdings('1-10') })
  const given = { memory: known, granted: false, booths: true, promoted: undefined, active: [] }
  expect(describeSite(given, place, { answers: false, because: 'refused', silent: false }).split('\n')).toEqual([
    'this site does not have the ticket db-site, which booth grants',
    'nobody is promoted here',
    'the last source known here is alpha, at this site, in epoch 7; what was acknowledged before it may be missing there',
    'what it ended with is known',
    '10.1.0.100:3306, where writers reach the other site, does not answer: nobody is promoted there, or it cannot be reached',
  ])
  const following = { ...given, memory: memory({ record: record({ node: '10.1.0.100:3306' }) }), booths: false }
  expect(describeSite(following, place, answering('1-20')).split('\n')).toEqual([
    'this site does not have the ticket db-site',
    'nobody is promoted here',
    'the last source known here is 10.1.0.100:3306, the other site, in epoch 7',
    '10.1.0.100:3306, where writers reach the other site, takes writes',
  ])
})
