import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { booth } from '../lab/booth.ts'
import { clusterMemory } from '../lab/cluster-memory.ts'
import { rejoin, separate } from '../lab/damage.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { ARBITER, nodeAddress } from '../lab/network-plan.ts'
import { acknowledged, lostOn, quarantined, waitUntilArrived, writesDuring } from '../lab/site-writes.ts'
import { sitesForAll } from '../lab/sites-for-all.ts'
import { heir, type Site, TICKET, waitUntilServed } from '../lab/two-sites.ts'

/** booth 1.0, as Debian 12 has it, does not start on a kernel as new as this machine may have. */
describe.each(['mysql-9.7', 'mariadb-11.8'] as const)('two sites and booth with %s', engine => {
  const { up, inOrder } = sitesForAll({ engine, booth: true, name: `booth-${engine}-${process.pid}` })

  /** Wait until booth has brought the ticket to a site, and somebody is promoted there. */
  async function takesOver({ lab }: Site): Promise<void> {
    const isPromoted = async () => (await lab.roles(RESOURCE)).promoted[0]
    await lab.waitFor('booth to move the ticket, and a promotion', isPromoted, Deadline.in(240_000))
  }

  test('nobody grants or revokes the ticket beside booth', async () => {
    const [from, to] = await inOrder()
    await expect(heir(from, ['site', '--give'])).rejects.toThrow(/booth has granted the ticket .*run "booth revoke/)
    await expect(heir(to, ['site', '--take', '--accept-loss'])).rejects.toThrow(/takes writes/)
    expect((await from.lab.roles(RESOURCE)).promoted).toHaveLength(1)
  })

  test('a hand-over by plan loses nothing', async () => {
    const { lab } = up()
    const [from, to] = await inOrder()
    const attempts = await writesDuring(from, async () => {
      await booth(lab, ['revoke', '-w', '-s', from.booth, TICKET])
      const given = await heir(from, ['site', '--give'])
      const holding = given.trim().split(' ').at(-1) ?? ''
      await expect(heir(to, ['site', '--take', '--holding', holding])).rejects.toThrow(/booth grants the ticket/)
      await heir(to, ['site', '--prepare', '--holding', holding])
      await booth(lab, ['grant', '-C', '-s', to.booth, TICKET])
      await waitUntilServed(to, from, Deadline.in(120_000))
    })
    expect(acknowledged(attempts)).not.toEqual([])
    expect(await lostOn(to, attempts)).toBe(0)
    expect((await clusterMemory(to.lab)).record).toMatchObject({ proven: true })
  }, 400_000)

  test('a site that loses its power is replaced without a command, and follows when it is back', async () => {
    const [lost, other] = await inOrder()
    const attempts = await writesDuring(lost, () => delay(1000))
    await waitUntilArrived(other, attempts)
    await Promise.all(lost.lab.nodes.map(node => lost.lab.off(node)))
    await takesOver(other)
    expect((await clusterMemory(other.lab)).record).toMatchObject({ proven: false })
    const after = await writesDuring(other, () => delay(3000))
    expect(acknowledged(after)).not.toEqual([])
    await Promise.all(lost.lab.nodes.map(node => lost.lab.start(node)))
    await lost.lab.waitUntilOnline(lost.lab.nodes, Deadline.in(120_000))
    await waitUntilServed(other, lost, Deadline.in(180_000))
    expect(await quarantined(lost)).toEqual([])
    await waitUntilArrived(lost, [...attempts, ...after])
  }, 600_000)

  test('a site that is cut off stops taking writes before the other one begins, and keeps what it had not sent', async () => {
    const [cut, other] = await inOrder()
    await waitUntilServed(cut, other, Deadline.in(60_000))
    const elsewhere = [...[...other.lab.nodes, ARBITER].map(nodeAddress), other.vip, other.booth]
    let begun: Awaited<ReturnType<typeof writesDuring>> = []
    const attempts = await writesDuring(cut, async () => {
      await Promise.all(cut.lab.nodes.map(node => separate(cut.lab, node, elsewhere)))
      await takesOver(other)
      begun = await writesDuring(other, () => delay(3000))
    })
    const last = Math.max(...acknowledged(attempts).map(({ end }) => end))
    const first = Math.min(...acknowledged(begun).map(({ begin }) => begin))
    expect(last).toBeLessThan(first)
    expect(await lostOn(other, attempts)).toBeGreaterThan(0)
    expect(await lostOn(cut, attempts)).toBe(0)
    await Promise.all(cut.lab.nodes.map(node => rejoin(cut.lab, node)))
    const set = async () => ((await quarantined(cut)).length === cut.lab.nodes.length ? true : undefined)
    await cut.lab.waitFor('both servers in quarantine', set, Deadline.in(120_000))
    expect((await cut.lab.roles(RESOURCE)).promoted).toEqual([])
    expect(await lostOn(other, begun)).toBe(0)
  }, 600_000)
})
