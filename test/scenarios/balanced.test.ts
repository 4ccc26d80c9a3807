import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BalancedLoad } from '../lab/balanced-load.ts'
import { BalancedPair } from '../lab/balanced-pair.ts'
import { signalServer } from '../lab/damage.ts'
import { IdleSession } from '../lab/idle-session.ts'
import { WRITER_VIP } from '../lab/network-plan.ts'

const BOTH = ['node1', 'node2']
const WELL = { missing: [], torn: [], foreign: [] }
const nothing = async () => {}

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('two primaries of %s behind LVS and keepalived', engine => {
  let directory: string
  let pair: BalancedPair
  let load: BalancedLoad

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'heir-balanced-'))
    pair = await BalancedPair.up(engine, 'keepalived', directory)
    load = new BalancedLoad(pair, directory)
  })

  afterAll(async () => {
    await pair?.down()
    await rm(directory, { recursive: true })
  })

  test('writers are spread over both, and see no error', async () => {
    expect(await load.during('calm', nothing, BOTH)).toEqual([])
  })

  test('when a server is killed all write on at the other one, and new writers get both when it is back', async () => {
    await load.during('server killed', () => signalServer(pair.lab, 'node1', 'KILL'), ['node2'])
    expect(await load.during('server back', nothing, BOTH)).toEqual([])
  })

  test('when a node loses its power all write on at the other one, and new writers get both when it is back', async () => {
    await load.during('node off', () => pair.lab.off('node2'), ['node1'])
    await pair.lab.start('node2') // fencing may have done so
    await pair.startService('node2')
    expect(await load.during('node back', nothing, BOTH)).toEqual([])
  })

  test('LVS remembers a connection on which nothing is said as long as a server does', async () => {
    const timeouts = await Promise.all(pair.balancers.map(({ machine }) => machine.run('ipvsadm --list --timeout')))
    for (const line of timeouts) expect(line).toContain(': 28800 ')
  })

  test('when keepalived is stopped on the balancer at work, the other one goes on, and connections stay', async () => {
    const one = await pair.settled()
    await using idle = await IdleSession.open(pair.lab, WRITER_VIP)
    const before = await idle.ask()
    const stop = async () => {
      await one.machine.run('systemctl stop keepalived')
    }
    await load.during('keepalived stopped', stop, BOTH)
    expect(await idle.ask()).toBe(before)
    expect(await pair.settled()).not.toBe(one)
    await one.machine.run('systemctl start keepalived')
  })

  test('when the balancer at work loses its power, the other one goes on, and connections stay', async () => {
    const one = await pair.settled()
    await using idle = await IdleSession.open(pair.lab, WRITER_VIP)
    const before = await idle.ask()
    await load.during('balancer off', () => pair.lose(one), BOTH)
    expect(await idle.ask()).toBe(before)
  })

  test('no acknowledged write is lost', async () => {
    expect(await load.losses()).toEqual([WELL, WELL])
  })
})
