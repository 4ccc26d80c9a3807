import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { cutLink, mendLink, runOn, signalServer } from '../lab/damage.ts'
import { waitForPair } from '../lab/heir-pair.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import { ADDRESS, pairUnderLoad } from '../lab/pair-under-load.ts'
import { quarantines } from '../lab/quarantines.ts'
import { sameRows } from '../lab/same-rows.ts'

const DATA = '/var/lib/mysql'
const settled = () => Deadline.in(180_000)

/** Rows of the write client, as `heir rejoin --save` writes them down. */
const SAVED_ROW = /^### INSERT INTO `lab`\.`writes`\n### SET\n###\s+@1='(.*)'.*\n###\s+@2=(\d+)/gm

const ALL = ['mariadb-10.11', 'mariadb-11.8', 'mysql-9.7'] as const

describe.each(ALL)('two nodes of %s that both take writes', engine => {
  const before = 'CREATE TABLE lab.shared (id INT PRIMARY KEY, node VARCHAR(20))'
  const pair = pairUnderLoad({ engine, words: ['--prefer', 'node1'], rate: 40, before })
  const givenUp = new Set<string>()

  const seed = (node: string, ...words: readonly string[]) =>
    runOn(pair().lab, node, ['heir', 'seed', ...words], { deadline: Deadline.in(400_000) })

  test('rows that contradict each other put one into quarantine with the reason, and the other one serves', async () => {
    const { lab } = pair()
    await waitForPair(lab, settled())
    const atOnce = (node: string) => `BEGIN; INSERT INTO lab.shared VALUES (1, '${node}'); DO SLEEP(2); COMMIT`
    await Promise.all(lab.nodes.map(node => lab.sql(node, atOnce(node))))
    const apart = async () => [...(await quarantines(lab))][0]
    const [stray, reason] = await lab.waitFor('one of them in quarantine', apart, settled())
    expect(reason).toMatch(/an applier that stopped with an error: .*lab\.shared/)
    await pair().waitForWrites(Date.now(), pair().other(stray), ADDRESS)
    await delay(15_000) // the other one must stay, whatever its monitors find
    expect([...(await quarantines(lab)).keys()]).toEqual([stray])
    await pair().waitForWrites(Date.now(), pair().other(stray), ADDRESS)
  })

  test('heir rejoin shows what only that one holds, heir seed makes it a copy of the other, and both take writes again', async () => {
    const { lab } = pair()
    const [stray = ''] = (await quarantines(lab)).keys()
    expect(await runOn(lab, stray, ['heir', 'rejoin'])).toMatch(new RegExp(`shared[^]*${stray}`))
    await runOn(lab, stray, ['heir', 'rejoin', '--save', '/root/own.sql'])
    const saved = await runOn(lab, stray, ['cat', '/root/own.sql'])
    for (const [, writer, sequence] of saved.matchAll(SAVED_ROW)) givenUp.add(`${writer}:${sequence}`)
    await seed(stray, '--discard')
    await waitForPair(lab, settled())
    await pair().waitForWrites(Date.now(), ...lab.nodes, ADDRESS)
    expect(await lab.sql(stray, 'SELECT node FROM lab.shared')).toEqual([[pair().other(stray)]])
    await sameRows(lab, 'writer, sequence')
  })

  test('when the link between the two is cut, one is fenced, the other one serves, and both do when it is mended', async () => {
    const { lab } = pair()
    const home = await waitForPair(lab, settled())
    const since = Date.now()
    await cutLink(lab, home)
    const fencing = async () => (await lab.powerLog()).filter(({ action, at }) => action === 'reboot' && at >= since)
    await lab.waitFor('fencing', async () => (await fencing())[0], settled())
    await pair().waitForWrites(Date.now(), home, ADDRESS)
    await delay(10_000)
    expect((await fencing()).map(({ machine }) => machine)).toEqual([pair().other(home)])
    await mendLink(lab, home)
    await waitForPair(lab, settled())
    await pair().waitForWrites(Date.now(), ...lab.nodes, ADDRESS)
    expect(await quarantines(lab)).toEqual(new Map())
    await sameRows(lab, 'writer, sequence')
  })

  test('a node whose data are gone takes writes again after one command', async () => {
    const { lab } = pair()
    await signalServer(lab, 'node2', 'KILL')
    const remove = ['find', DATA, '-mindepth', '1', '-maxdepth', '1', '-exec', 'rm', '-rf', '{}', '+']
    const isEmpty = async () => (await lab.exec('node2', remove)).exitCode === 0 || undefined // it may write for a moment yet
    await lab.waitFor('an empty data directory', isEmpty, Deadline.in(20_000))
    const isNoticed = async () => !(await lab.roles('db')).promoted.includes('node2') || undefined
    await lab.waitFor('Pacemaker to notice', isNoticed, settled())
    await pair().waitForWrites(Date.now(), 'node1', ADDRESS)
    await seed('node2')
    await waitForPair(lab, settled())
    await pair().waitForWrites(Date.now(), ...lab.nodes, ADDRESS)
    await sameRows(lab, 'writer, sequence')
  })

  test('one that is alone after a cold start waits, and serves when the loss is accepted; the other one comes back', async () => {
    const { lab } = pair()
    const loss = () => runOn(lab, 'node2', ['heir', 'promote', '--to', 'node2', '--accept-loss'])
    await lab.cut('node2')
    await lab.off('node2')
    await pair().waitForWrites(Date.now() + 3000, 'node1', ADDRESS) // it goes on alone
    await lab.cut('node1')
    await lab.off('node1')
    await lab.off('node2')
    await lab.heal('node2')
    await lab.start('node2')
    const forgoOther = ['corosync-cmapctl', '-s', 'quorum.cancel_wait_for_all', 'u8', '1']
    const isAlone = async () => (await lab.exec('node2', forgoOther)).exitCode === 0 || undefined
    await lab.waitFor('corosync on node2', isAlone, settled())
    const refusal = /bring (it|node1) back, or accept the loss with "?heir promote --accept-loss/
    const hasRefused = async () =>
      refusal.test(
        (await lab.exec('node2', ['crm_mon', '--one-shot', '--show-detail', '--show-node-attributes'])).stdout,
      ) || undefined
    await lab.waitFor('the refusal of node2', hasRefused, settled())
    expect((await lab.roles('db')).promoted).toEqual([])
    await loss()
    await pair().waitForWrites(Date.now(), 'node2', ADDRESS)
    await lab.heal('node1')
    await waitForPair(lab, settled())
    await pair().waitForWrites(Date.now(), ...lab.nodes, ADDRESS)
    expect(await quarantines(lab)).toEqual(new Map())
  })

  test('no acknowledged write is lost but those that were shown and given up, and both hold the same', async () => {
    const { lab } = pair()
    const attempts = await pair().stop()
    await waitForPair(lab, settled())
    await sameRows(lab, 'writer, sequence')
    for (const { missing, torn, foreign } of judge(attempts, await heldRows(lab, lab.nodes)))
      expect({ missing: missing.filter(id => !givenUp.has(id)), torn, foreign }).toEqual({
        missing: [],
        torn: [],
        foreign: [],
      })
    expect(attempts.length).toBeGreaterThan(1000)
  })
})
