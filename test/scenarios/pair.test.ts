import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { signalServer } from '../lab/damage.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { addressHome, upWithPair, waitForPair } from '../lab/heir-pair.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { nodeAddress, WRITER_VIP } from '../lab/network-plan.ts'
import { WriteLoad } from '../lab/write-load.ts'
import type { Attempt } from '../lab/write-record.ts'

const settled = () => Deadline.in(150_000)
const NUMBERED = 'ALTER TABLE lab.writes ADD COLUMN number BIGINT NOT NULL AUTO_INCREMENT, ADD UNIQUE KEY (number)'
const ROWS =
  "SELECT COUNT(*), COUNT(DISTINCT number), BIT_XOR(CRC32(CONCAT(writer, ':', sequence, ':', number))) FROM lab.writes"

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('two nodes of %s that both take writes', engine => {
  let lab: Lab
  let loads: readonly WriteLoad[]
  let directory: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'heir-pair-'))
    lab = await upWithPair({ engine, words: ['--prefer', 'node1', '--failback'] })
    await lab.sql('node1', NUMBERED)
    const hosts = [...lab.nodes.map(nodeAddress), WRITER_VIP]
    loads = await Promise.all(
      hosts.map((host, index) => WriteLoad.start(lab, { record: join(directory, String(index)), host, rate: 100 })),
    )
  })

  afterAll(async () => {
    await Promise.all((loads ?? []).map(load => load.stop()))
    await lab?.down()
    await rm(directory, { recursive: true })
  })

  const acknowledged = async (index: number, since: number) =>
    ((await loads[index]?.attempts()) ?? []).filter(({ error, begin }: Attempt) => error === undefined && begin > since)
      .length

  /** The other one goes on, the address is there, and both take writes again in the end. */
  async function servesWithout(node: string, fault: () => Promise<void>): Promise<void> {
    await waitForPair(lab, settled())
    const other = lab.nodes.findIndex(one => one !== node)
    await delay(3000)
    const since = Date.now()
    await fault()
    const goesOn = async () => (await acknowledged(other, since)) > 0 && (await acknowledged(2, since)) > 0
    await lab.waitFor(
      'writes at the other node and at the address',
      async () => (await goesOn()) || undefined,
      settled(),
    )
    await waitForPair(lab, settled())
  }

  test.each(['node1', 'node2'])('the server of %s is killed: the other one serves, and both do again', async node => {
    await servesWithout(node, () => signalServer(lab, node, 'KILL'))
  })

  test('a node loses its power: the other one serves, and both do again', async () => {
    await servesWithout('node1', async () => {
      await lab.off('node1')
      await delay(10_000)
      await lab.start('node1')
    })
  })

  test('the address is back on the preferred node', async () => {
    const home = async () => (await addressHome(lab)) === 'node1' || undefined
    await lab.waitFor(`${RESOURCE}-writer on node1`, home, settled())
  })

  test('no acknowledged write is lost, no key was given out twice, and both hold the same', async () => {
    const attempts = (await Promise.all(loads.map(load => load.stop()))).flat()
    await waitForPair(lab, settled())
    const same = async () => {
      const [one, other] = await Promise.all(lab.nodes.map(node => lab.sql(node, ROWS)))
      return one?.join() === other?.join() ? one?.[0] : undefined
    }
    const [rows, keys] = await lab.waitFor('the same rows on both', same, Deadline.in(60_000))
    expect(keys).toBe(rows)
    for (const { missing, torn, foreign } of judge(attempts, await heldRows(lab, lab.nodes)))
      expect({ missing, torn, foreign }).toEqual({ missing: [], torn: [], foreign: [] })
    expect(attempts.length).toBeGreaterThan(1000)
  })
})
