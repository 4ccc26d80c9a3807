import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { dropReplication } from '../lab/damage.ts'
import { RESOURCE, replicaState } from '../lab/heir-cluster.ts'
import { acknowledged, lostOn, quarantined, waitUntilArrived, writesDuring } from '../lab/site-writes.ts'
import { sitesForAll } from '../lab/sites-for-all.ts'
import { heir, type Site, waitUntilServed } from '../lab/two-sites.ts'
import type { Attempt } from '../lab/write-record.ts'

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('two sites with %s', engine => {
  const { up, inOrder } = sitesForAll({ engine, name: `sites-${engine}-${process.pid}` })

  test('a hand-over between sites loses nothing, in either direction, and the site that had the role follows', async () => {
    const { first, second } = up()
    const attempts = await writesDuring(first, () => handOver(first, second))
    expect(acknowledged(attempts)).not.toEqual([])
    expect(await lostOn(second, attempts)).toBe(0)
    const back = await writesDuring(second, () => handOver(second, first))
    expect(acknowledged(back)).not.toEqual([])
    expect(await lostOn(first, [...attempts, ...back])).toBe(0)
    expect(await lostOn(second, [...attempts, ...back])).toBe(0)
  }, 600_000)

  test('the address of the first site leads to whichever is promoted, and the second site goes on following', async () => {
    const { first, second } = up()
    const source = await waitUntilServed(first, second, Deadline.in(60_000))
    const other = first.lab.nodes.find(node => node !== source) ?? ''
    await heir(first, ['switchover', '--to', other])
    expect(await waitUntilServed(first, second, Deadline.in(120_000))).toBe(other)
  }, 300_000)

  test('a site takes no writes while the other one does, nor without a word about the loss', async () => {
    const { second } = up()
    await expect(heir(second, ['site', '--take', '--accept-loss'])).rejects.toThrow(
      /takes writes: run "heir site --give"/,
    )
    expect((await second.lab.roles(RESOURCE)).promoted).toEqual([])
  })

  /** Take the power of a site away, let the other one take over, and give the power back. */
  async function takeOver(
    lost: Site,
    other: Site,
    writeUntil: (powerOff: () => Promise<unknown>) => Promise<Attempt[]>,
  ): Promise<Attempt[]> {
    const attempts = await writeUntil(() => Promise.all(lost.lab.nodes.map(node => lost.lab.off(node))))
    await expect(heir(other, ['site', '--take'])).rejects.toThrow(/nothing shows what .* ended with/)
    await heir(other, ['site', '--take', '--accept-loss'])
    const after = await writesDuring(other, () => delay(3000))
    expect(acknowledged(after)).not.toEqual([])
    expect(await lostOn(other, after)).toBe(0)
    await Promise.all(lost.lab.nodes.map(node => lost.lab.start(node)))
    await lost.lab.waitUntilOnline(lost.lab.nodes, Deadline.in(120_000))
    return attempts
  }

  test('when a site is lost the other one takes over; the lost one follows when it comes back, if it is behind', async () => {
    const { first, second } = up()
    await takeOver(first, second, async powerOff => {
      const attempts = await writesDuring(first, () => delay(1000))
      await waitUntilArrived(second, attempts)
      await powerOff()
      return attempts
    })
    await waitUntilServed(second, first, Deadline.in(120_000))
    expect((await first.lab.roles(RESOURCE)).promoted).toEqual([])
  }, 600_000)

  test('what a lost site had not sent is kept there, in quarantine', async () => {
    const [lost, other] = await inOrder()
    const source = await waitUntilServed(lost, other, Deadline.in(60_000))
    const attempts = await takeOver(lost, other, powerOff =>
      writesDuring(lost, async () => {
        await dropReplication(other.lab, source)
        await delay(3000)
        await powerOff()
      }),
    )
    expect(await lostOn(other, attempts)).toBeGreaterThan(0)
    const set = async () => ((await quarantined(lost)).length === lost.lab.nodes.length ? true : undefined)
    await lost.lab.waitFor('both servers in quarantine', set, Deadline.in(120_000))
    expect((await lost.lab.roles(RESOURCE)).promoted).toEqual([])
    expect(await lostOn(lost, attempts)).toBe(0)
    const shown = await lost.lab.exec(source, ['heir', 'rejoin'], { deadline: Deadline.in(60_000) })
    expect(shown.stdout).toMatch(/In its binary logs: [1-9]/)
  }, 600_000)

  test('a site without sound data is cloned from the other one by MySQL; with MariaDB a person has to copy', async () => {
    const [other, site] = await inOrder()
    const [node = ''] = await quarantined(site)
    const seed = await site.lab.exec(node, ['heir', 'seed', '--discard'], { deadline: Deadline.in(240_000) })
    if (engine === 'mysql-9.7') {
      expect(seed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${node} is a replica again`) })
      expect(await replicaState(site.lab, node)).toMatchObject({ source: other.vip, receiving: true, applying: true })
    } else {
      expect(seed).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('copy the data directory of a server'),
      })
    }
  }, 300_000)
})

const command = (answer: string): readonly string[] => {
  const words = answer.trim().split('\n').at(-1)?.split(' ') ?? []
  return words.slice(1)
}

/** Transactions that no server here has written. */
const UNHEARD_OF = { mariadb: '0-9999-4711', mysql: 'ffffffff-71ca-11e1-9e33-c80aa9429562:1-3' } as const

/** Give the role of one site to the other, as the README says. */
async function handOver(from: Site, to: Site): Promise<void> {
  const given = await heir(from, ['site', '--give'])
  await expect(heir(from, ['site', '--take'])).rejects.toThrow(/does not answer, and may have taken writes since/)
  const more = ['site', '--take', '--timeout', '6', '--holding', UNHEARD_OF[to.lab.engine.flavour]]
  await expect(heir(to, more)).rejects.toThrow(/no instance here has all of it, the best lacks/)
  await heir(to, command(given))
  await waitUntilServed(to, from, Deadline.in(120_000))
}
