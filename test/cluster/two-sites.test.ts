import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import { heir, type Site, type TwoSites, upWithTwoSites, waitUntilServed } from '../lab/two-sites.ts'
import { WriteLoad } from '../lab/write-load.ts'
import type { Attempt } from '../lab/write-record.ts'

let directory = ''
let sites: TwoSites | undefined
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-sites-'))
  sites = await upWithTwoSites({ engine: 'mariadb-10.11', name: `sites-${process.pid}` })
}, 400_000)
afterAll(async () => {
  await sites?.lab.down()
  await rm(directory, { recursive: true })
}, 60_000)

const up = (): TwoSites => {
  if (sites === undefined) throw new Error('the sites are not up')
  return sites
}

/** Write to a site for as long as the work takes. */
async function during({ lab, vip }: Site, work: () => Promise<void>): Promise<Attempt[]> {
  const record = join(directory, `${vip}-${Date.now()}`)
  const load = await WriteLoad.start(lab, { host: vip, record, rate: 100, seconds: 300 })
  await delay(3000)
  try {
    await work()
  } catch (error) {
    await load.stop()
    throw error
  }
  return await load.stop()
}

const acknowledged = (attempts: readonly Attempt[]) => attempts.filter(({ error }) => error === undefined).length

/** The acknowledged writes that a node lacks, once it has caught up. */
async function lostOn({ lab }: Site, attempts: readonly Attempt[]): Promise<number> {
  const held = await heldRows(lab, lab.nodes)
  return judge(attempts, held).reduce((sum, { missing }) => sum + missing.length, 0)
}

const command = (answer: string): readonly string[] => {
  const words = answer.trim().split('\n').at(-1)?.split(' ') ?? []
  return words.slice(1)
}

/** Give the role of one site to the other, as the README says. */
async function handOver(from: Site, to: Site): Promise<void> {
  const given = await heir(from, ['site', '--give'])
  await heir(to, command(given))
  await waitUntilServed(to, from, Deadline.in(120_000))
}

test('a hand-over between sites loses nothing, in either direction, and the site that had the role follows', async () => {
  const { first, second } = up()
  const attempts = await during(first, () => handOver(first, second))
  expect(acknowledged(attempts)).toBeGreaterThan(0)
  expect(await lostOn(second, attempts)).toBe(0)
  const back = await during(second, () => handOver(second, first))
  expect(acknowledged(back)).toBeGreaterThan(0)
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

test('when the first site is lost the second takes over; what it lacks is kept at the first, which follows where it can', async () => {
  const { first, second } = up()
  const attempts = await during(first, async () => {
    for (const node of first.lab.nodes) await first.lab.off(node)
  })
  await expect(heir(second, ['site', '--take'])).rejects.toThrow(/nothing shows what .* ended with/)
  await heir(second, ['site', '--take', '--accept-loss'])
  const after = await during(second, () => delay(3000))
  expect(acknowledged(after)).toBeGreaterThan(0)
  expect(await lostOn(second, after)).toBe(0)

  for (const node of first.lab.nodes) await first.lab.start(node)
  await first.lab.waitUntilOnline(first.lab.nodes, Deadline.in(120_000))
  const settled = async () => ((await whereabouts(first, second)).includes('neither') ? undefined : true)
  await first.lab.waitFor('every server of the first site to follow, or in quarantine', settled, Deadline.in(120_000))
  expect((await first.lab.roles(RESOURCE)).promoted).toEqual([])
  const found = await whereabouts(first, second)
  const lost = await lostOn(second, attempts)
  console.error(`lost ${lost} of ${acknowledged(attempts)}; the first site: ${found.join(', ')}`)
  if (lost > 0) expect(await lostOn(first, attempts)).toBe(0)
}, 600_000)

/** What became of each server of a site that came back. */
async function whereabouts({ lab }: Site, other: Site): Promise<readonly string[]> {
  const cib = (await lab.exec(lab.nodes[0] ?? '', ['cibadmin', '--query'])).stdout
  return await Promise.all(
    lab.nodes.map(async node => {
      if (cib.includes(`name="${RESOURCE}-quarantine"`) && quarantined(cib, node)) return 'quarantine'
      const state = await lab.sql(node, 'SELECT @@server_id').then(
        async () => (await import('../lab/heir-cluster.ts')).replicaState(lab, node),
        () => undefined,
      )
      return state?.source === other.vip && state.receiving && state.applying ? 'follows' : 'neither'
    }),
  )
}

const quarantined = (cib: string, node: string) =>
  new RegExp(`<node [^>]*uname="${node}"[^>]*>(?:(?!</node>)[\\s\\S])*${RESOURCE}-quarantine`).test(cib)
