import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { AgentMachine } from './agent-machine.ts'

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('monitor on %s', engine => {
  let machine: AgentMachine
  beforeAll(async () => {
    machine = await AgentMachine.open(engine)
    return () => machine.close()
  })
  beforeEach(async () => {
    await machine.agent('start')
  })

  test('calls a server that hangs failed, within its timeout, and never stopped', async () => {
    await machine.shell('kill -STOP $(pidof mysqld mariadbd)')
    const { exitCode, stderr } = await machine.agent('monitor', { parameters: { CRM_meta_timeout: '6000' } })
    await machine.shell('kill -CONT $(pidof mysqld mariadbd)')
    expect(stderr).toMatch(/^ocf-exit-reason:.+$/)
    expect(exitCode).toBe(OCF.ERR_GENERIC)
  })

  test('finds nothing where no server was ever installed', async () => {
    const parameters = {
      datadir: '/nonexistent',
      socket: '/nonexistent/s',
      pid: '/nonexistent/p',
      binary: '/nonexistent/b',
    }
    expect((await machine.agent('monitor', { parameters })).exitCode).toBe(OCF.NOT_RUNNING)
  })

  test('a recurring monitor that finds everything as before runs no program', async () => {
    const parameters = { CRM_meta_interval: '10000' }
    await machine.agent('monitor')
    await machine.agent('monitor', { parameters })
    const before = await machine.shell('cat /var/lib/fake-cluster/calls')
    expect((await machine.agent('monitor', { parameters })).exitCode).toBe(OCF.SUCCESS)
    expect(await machine.shell('cat /var/lib/fake-cluster/calls')).toBe(before)
  })

  test('a healthy one says nothing, on standard error and in the log', async () => {
    await machine.agent('monitor')
    await machine.shell(': >/var/log/heir.log')
    expect((await machine.agent('monitor')).stderr).toBe('')
    expect(await machine.shell('cat /var/log/heir.log')).toBe('')
  })

  test('ends at once when it is told to', async () => {
    await machine.shell('kill -STOP $(pidof mysqld mariadbd)')
    const through = ['timeout', '--preserve-status', '--signal=TERM', '1']
    const { exitCode } = await machine.agent('monitor', { through })
    await machine.shell('kill -CONT $(pidof mysqld mariadbd)')
    expect(exitCode).toBe(143)
  })
})
