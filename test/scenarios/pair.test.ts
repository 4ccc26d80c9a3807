import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { signalServer } from '../lab/damage.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { addressHome, waitForPair } from '../lab/heir-pair.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import { ADDRESS, pairUnderLoad } from '../lab/pair-under-load.ts'
import { sameRows } from '../lab/same-rows.ts'

const settled = () => Deadline.in(150_000)
const NUMBERED = 'ALTER TABLE lab.writes ADD COLUMN number BIGINT NOT NULL AUTO_INCREMENT, ADD UNIQUE KEY (number)'

const SETUPS = [
  ['mariadb-10.11', 'crm'],
  ['mariadb-11.8', 'pcs'],
  ['mysql-9.7', 'pcs'],
] as const

describe.each(SETUPS)('two nodes of %s that both take writes, set up with %s', (engine, format) => {
  const pair = pairUnderLoad({
    engine,
    format,
    words: ['--prefer', 'node1', '--failback'],
    rate: 100,
    before: NUMBERED,
  })

  /** The other one goes on, the address is there, and both take writes again in the end. */
  async function servesWithout(node: string, fault: () => Promise<void>): Promise<void> {
    await waitForPair(pair().lab, settled())
    await delay(3000)
    const since = Date.now()
    await fault()
    await pair().waitForWrites(since, pair().other(node), ADDRESS)
    await waitForPair(pair().lab, settled())
  }

  test.each(['node1', 'node2'])('the server of %s is killed: the other one serves, and both do again', async node => {
    await servesWithout(node, () => signalServer(pair().lab, node, 'KILL'))
  })

  test('a node loses its power: the other one serves, and both do again', async () => {
    await servesWithout('node1', async () => {
      await pair().lab.off('node1')
      await delay(10_000)
      await pair().lab.start('node1')
    })
  })

  test('the address is back on the preferred node', async () => {
    const home = async () => (await addressHome(pair().lab)) === 'node1' || undefined
    await pair().lab.waitFor(`${RESOURCE}-writer on node1`, home, settled())
  })

  test('no acknowledged write is lost, no key was given out twice, and both hold the same', async () => {
    const { lab } = pair()
    const attempts = await pair().stop()
    await waitForPair(lab, settled())
    await sameRows(lab, 'writer, sequence, number')
    const [[rows, keys] = []] = await lab.sql('node1', 'SELECT COUNT(*), COUNT(DISTINCT number) FROM lab.writes')
    expect(keys).toBe(rows)
    for (const { missing, torn, foreign } of judge(attempts, await heldRows(lab, lab.nodes)))
      expect({ missing, torn, foreign }).toEqual({ missing: [], torn: [], foreign: [] })
    expect(attempts.length).toBeGreaterThan(1000)
  })
})
