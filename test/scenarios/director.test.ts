import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BalancedLoad } from '../lab/balanced-load.ts'
import { BalancedPair } from '../lab/balanced-pair.ts'
import { runOn, signalServer } from '../lab/damage.ts'
import { WRITER_VIP } from '../lab/network-plan.ts'

const BOTH = ['node1', 'node2']
const WELL = { missing: [], torn: [], foreign: [] }
const nothing = async () => {}

describe.each(['crm', 'pcs'] as const)('ldirectord under Pacemaker, set up with %s', format => {
  let directory: string
  let pair: BalancedPair
  let load: BalancedLoad

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'heir-director-'))
    pair = await BalancedPair.up('mariadb-10.11', 'ldirectord', directory, format)
    load = new BalancedLoad(pair, directory)
  })

  afterAll(async () => {
    await pair?.down()
    await rm(directory, { recursive: true })
  })

  test('Pacemaker runs ldirectord on one balancer, and writers are spread over both servers', async () => {
    expect(await load.during('calm', nothing, BOTH)).toEqual([])
    const tables = await Promise.all(pair.balancers.map(balancer => balancer.table()))
    expect(tables.filter(table => table.includes('10.77.0.100:3306'))).toHaveLength(1)
  })

  test('when a server is killed all write on at the other one, and new writers get both when it is back', async () => {
    await load.during('server killed', () => signalServer(pair.lab, 'node1', 'KILL'), ['node2'])
    expect(await load.during('server back', nothing, BOTH)).toEqual([])
  })

  test('when ldirectord is killed, Pacemaker starts it again', async () => {
    const one = await pair.settled()
    const pid = () => one.machine.run('cat /run/ldirectord.ldirectord.cf.pid || :')
    const before = await pid()
    const kill = async () => {
      await one.machine.run(`kill -KILL ${before}`)
      await expect.poll(pid, { timeout: 120_000, interval: 1000 }).not.toBe(before)
    }
    await load.during('ldirectord killed', kill, BOTH)
  })

  test('when the balancer goes into standby, the other one goes on', async () => {
    const one = await pair.settled()
    const other = pair.balancers.find(balancer => balancer !== one)
    const standby = async () => {
      await runOn(pair.lab, 'node1', ['crm_standby', '--node', one.name, '--update', 'on'])
      await expect.poll(() => other?.has(WRITER_VIP), { timeout: 240_000, interval: 1000 }).toBe(true)
    }
    await load.during('balancer in standby', standby, BOTH)
    expect(await pair.settled()).toBe(other)
    expect(await load.during('other balancer', nothing, BOTH)).toEqual([])
  })

  test('no acknowledged write is lost', async () => {
    expect(await load.losses()).toEqual([WELL, WELL])
  })
})
