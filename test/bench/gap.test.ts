import { expect, test } from 'vitest'
import { readControllerLog } from './cluster-actions.ts'
import { readDeeds } from './deed-parts.ts'
import { gapParts, NOTICING, RETURNING, SCHEDULING } from './gap-parts.ts'
import { gapTable } from './gap-table.ts'
import { logTime } from './log-time.ts'

const at = (seconds: string) => new Date(`2026-11-21T15:21:${seconds}`).getTime()
const FROM = at('07.000')

const line = (seconds: string, text: string) =>
  `Nov 21 15:21:${seconds} node2 pacemaker-controld  [61] (execute_rsc_action) \tnotice: ${text}`
const order = (seconds: string, words: string, id: number) => line(seconds, `Initiating ${words} | action ${id}`)
const answer = (seconds: string, words: string, id: number) =>
  line(seconds, `Transition 5 action ${id} (${words}) confirmed: ok | rc=0 call-id=33`)

const CONTROLLER = [
  line('06.000', "Transition 4 action 20 (db_monitor_3000 on node1): expected 'promoted' but got 'error' | rc=1"),
  line('08.740', "Transition 4 action 20 (db_monitor_3000 on node1): expected 'promoted' but got 'not running' | rc=7"),
  order('08.880', 'stop operation db-writer_stop_0 on node1', 11),
  order('08.880', 'notify operation db_pre_notify_demote_0 locally on node2', 66),
  answer('08.970', 'db_notify_0 on node2', 66),
  answer('09.020', 'db-writer_stop_0 on node1', 11),
  order('09.030', 'promote operation db_promote_0 on node3', 16),
  order('09.040', 'monitor operation db-reader-2_monitor_10000 locally on node2', 13),
  answer('09.300', 'db_promote_0 on node3', 16),
  order('09.400', 'start operation db-writer_start_0 on node3', 7),
  answer('09.500', 'db-writer_start_0 on node3', 7),
  order('09.600', 'demote operation db_demote_0 on node3', 8),
].join('\n')

test('a stamp without a year is taken for the nearest one', () => {
  const newYear = new Date('2027-01-01T00:00:01').getTime()
  expect(logTime('Dec 31 23:59:59.500 node1 …', newYear)).toBe(newYear - 1500)
  expect(logTime('Dec 31 23:59:59 node1 IPaddr2 …', newYear)).toBeUndefined()
})

test('the controller log tells every action from its order to its answer, and when the failure was noticed', () => {
  const { actions, noticed } = readControllerLog(CONTROLLER, 'db', FROM)
  expect(noticed).toBe(at('08.740'))
  expect(actions).toContainEqual({
    resource: 'db',
    action: 'pre-demote',
    node: 'node2',
    begin: at('08.880'),
    end: at('08.970'),
  })
  expect(actions.map(({ resource, action }) => `${resource} ${action}`)).toEqual([
    'db pre-demote',
    'db-writer stop',
    'db promote',
    'db-writer start',
  ])
})

test('a failure that the agent has reported counts like one that a monitor found', () => {
  const reported = "Transition -1 action 29 (db_asyncmon_0 on node2): expected 'OK' but got 'Error occurred' | rc=1"
  expect(readControllerLog(line('08.150', reported), 'db', FROM).noticed).toBe(at('08.150'))
})

test('later versions of Pacemaker say the same in other words', () => {
  const asked = (seconds: string, words: string, id: number) =>
    line(seconds, `Asking node3 to execute ${words} on node3 | transition ${id}:1:0:01dd1d59 action ${id}`)
  const log = [
    asked('08.000', 'db_pre_notify_demote_0', 64),
    line('08.000', 'Requesting local execution of notify operation for db on node1 | transition 66:1:0:01dd1d59'),
    asked('08.000', 'db:0_start_0', 65),
    line('08.050', 'Transition 1 action 66 (db_notify_0 on node1) confirmed: OK | rc=0 call-id=52'),
    line('08.100', 'Transition 1 action 64 (db_notify_0 on node3) confirmed: OK | rc=0 call-id=27'),
    line(
      '08.150',
      "Transition 1 action 14 (db_monitor_3000 on node2): expected 'Promoted' but got 'Not running' | rc=7",
    ),
    line('08.200', "Transition 1 action 65 (db_start_0 on node3): expected 'ok' but got 'error' | target-rc=0 rc=1"),
  ].join('\n')
  const { actions, noticed } = readControllerLog(log, 'db', FROM)
  expect(noticed).toBe(at('08.150'))
  expect(actions).toEqual([
    { resource: 'db', action: 'pre-demote', node: 'node1', begin: at('08.000'), end: at('08.050') },
    { resource: 'db', action: 'pre-demote', node: 'node3', begin: at('08.000'), end: at('08.100') },
    { resource: 'db', action: 'start', node: 'node3', begin: at('08.000'), end: at('08.200') },
  ])
})

test('the parts of a gap follow one another and come to all of it', () => {
  const gap = { begin: at('07.900'), end: at('09.560'), over: true }
  const parts = gapParts(gap, readControllerLog(CONTROLLER, 'db', FROM), { database: 'db', address: 'db-writer' })
  expect([...parts]).toEqual([
    [NOTICING, 840],
    [SCHEDULING, 140 + 10 + 100],
    ['pre-demote', 90],
    ["stop of the writers' address", 50],
    ['promote', 270],
    ["start of the writers' address", 100],
    [RETURNING, 60],
  ])
  expect([...parts.values()].reduce((sum, part) => sum + part)).toBe(gap.end - gap.begin)
})

test('what began before the gap counts from its beginning', () => {
  const gap = { begin: at('08.950'), end: at('09.100'), over: true }
  const log = { ...readControllerLog(CONTROLLER, 'db', FROM), noticed: undefined }
  expect([...gapParts(gap, log, { database: 'db', address: 'db-writer' })]).toEqual([
    ['pre-demote', 20],
    ["stop of the writers' address", 50],
    [SCHEDULING, 10],
    ['promote', 70],
  ])
})

test('the trace of the agent tells its steps, those of each process apart', () => {
  const trace = [
    'Nov 21 15:21:06.469 node3 heir(db) [598] trace: promote: an older one: open-writes',
    'Nov 21 15:21:22.469 node3 heir(db) [598] trace: pre-promote: publishing what this node holds: stop-receiver',
    'Nov 21 15:21:22.471 node3 heir(db) [598] trace: step stop-receiver',
    'Nov 21 15:21:22.723 node3 heir(db) [610] trace: promote: node3 holds every transaction: arm-source, open-writes',
    'Nov 21 15:21:22.481 node3 heir(db) [598] info: pre-promote: publishing what this node holds (exit 0)',
    'Nov 21 15:21:22.723 node3 heir(db) [610] info: promote: node3 holds every transaction',
    'Nov 21 15:21:22.725 node3 heir(db) [610] trace: step arm-source',
    'Nov 21 15:21:22.812 node3 heir(db) [610] trace: step open-writes',
    'Nov 21 15:21:22.862 node3 heir(db) [610] info: promote: node3 holds every transaction (exit 0)',
  ].join('\n')
  const [prePromote, promote] = readDeeds(trace, FROM)
  expect(prePromote).toMatchObject({ deed: 'pre-promote', opened: undefined })
  expect([...(prePromote?.parts ?? [])]).toEqual([['stop-receiver', 10]])
  expect(promote).toMatchObject({ deed: 'promote', decided: at('22.723'), opened: at('22.812') })
  expect([...(promote?.parts ?? [])]).toEqual([
    ['arm-source', 87],
    ['open-writes', 50],
  ])
})

test('the table has medians; what a run lacks took it no time', () => {
  const run = {
    fault: 'kill-source',
    gapMs: 900,
    parts: { promote: 300 },
    promote: {},
    shareMs: 250,
  }
  const runs = [run, { ...run, gapMs: 1100, parts: { promote: 310, stop: 90 } }, { ...run, gapMs: 1000 }]
  const table = gapTable(runs, ['kill-source'])
  expect(table).toMatch(/^promote +300$/m)
  expect(table).toMatch(/^stop +0$/m)
  expect(table).toMatch(/^in all +1000$/m)
})
