import { beforeAll, describe, expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { ENGINE_NAMES } from '../lab/engines.ts'
import { AgentMachine } from './agent-machine.ts'

describe.each(ENGINE_NAMES)('on %s', engine => {
  let machine: AgentMachine
  beforeAll(async () => {
    machine = await AgentMachine.open(engine)
    return () => machine.close()
  })

  const agent = async (action: string) => (await machine.agent(action)).exitCode
  const isWritable = async () => (await machine.query('SELECT @@global.read_only')) === '0'

  test('a probe finds a stopped instance stopped', async () => {
    await agent('stop')
    expect(await agent('monitor')).toBe(OCF.NOT_RUNNING)
  })

  test('start starts it read-only, and is content when it is started already', async () => {
    expect(await agent('start')).toBe(OCF.SUCCESS)
    const servers = await machine.servers()
    expect(await agent('start')).toBe(OCF.SUCCESS)
    expect(await machine.servers()).toEqual(servers)
    expect(await agent('monitor')).toBe(OCF.SUCCESS)
    expect(await isWritable()).toBe(false)
  })

  test('promote opens writes, and is content when they are open already', async () => {
    await agent('start')
    expect(await agent('promote')).toBe(OCF.SUCCESS)
    expect(await agent('promote')).toBe(OCF.SUCCESS)
    expect(await agent('monitor')).toBe(OCF.RUNNING_PROMOTED)
    expect(await isWritable()).toBe(true)
  })

  test('demote closes writes, and is content when they are closed already', async () => {
    await agent('start')
    await agent('promote')
    expect(await agent('demote')).toBe(OCF.SUCCESS)
    expect(await agent('demote')).toBe(OCF.SUCCESS)
    expect(await agent('monitor')).toBe(OCF.SUCCESS)
    expect(await isWritable()).toBe(false)
  })

  test('stop ends a promoted instance, and is content when it is stopped already', async () => {
    await agent('start')
    await agent('promote')
    expect(await agent('stop')).toBe(OCF.SUCCESS)
    expect(await machine.servers()).toEqual([])
    expect(await agent('stop')).toBe(OCF.SUCCESS)
    expect(await agent('monitor')).toBe(OCF.NOT_RUNNING)
  })

  test('a stopped instance cannot be promoted, and needs no demotion', async () => {
    await agent('stop')
    expect(await agent('promote')).toBe(OCF.ERR_GENERIC)
    expect(await agent('demote')).toBe(OCF.SUCCESS)
    expect(await agent('monitor')).toBe(OCF.NOT_RUNNING)
  })

  test('a source that was killed is found stopped, and starts again read-only', async () => {
    await agent('start')
    await agent('promote')
    await machine.killServers()
    expect(await agent('monitor')).toBe(OCF.NOT_RUNNING)
    expect(await agent('start')).toBe(OCF.SUCCESS)
    expect(await isWritable()).toBe(false)
  })

  /** How many lines of the log say that. */
  const told = async (what: RegExp) => {
    const log = await machine.shell('cat /var/log/pacemaker/pacemaker.log || true')
    return log.split('\n').filter(line => what.test(line)).length
  }

  test('the death of a server is noticed when it happens, and an end that was asked for is none', async () => {
    const ended = /info: mysqld has ended as Pacemaker had it told/
    const died = /warning: mysqld has ended; a monitor will see it: .*Pacemaker/ // there is none here to be told
    const before = [await told(ended), await told(died)] as const
    await agent('start')
    await agent('stop')
    await expect.poll(() => told(ended), PATIENCE).toBe(before[0] + 1)
    await agent('start')
    await machine.killServers()
    await expect.poll(() => told(died), PATIENCE).toBe(before[1] + 1)
  })
})

const PATIENCE = { timeout: 20_000, interval: 200 }
