import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { ENGINES } from '../lab/engines.ts'
import { AgentMachine, type Call } from './agent-machine.ts'

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('stop on %s', engine => {
  let machine: AgentMachine
  beforeAll(async () => {
    machine = await AgentMachine.open(engine)
    return () => machine.close()
  })
  beforeEach(async () => {
    const { exitCode, stderr } = await machine.agent('start')
    if (exitCode !== OCF.SUCCESS) throw new Error(`start: ${stderr}`)
  })
  afterEach(() => machine.killServers())

  async function expectStopped(call: Call = {}): Promise<void> {
    const { exitCode, stderr } = await machine.agent('stop', call)
    expect(stderr).toBe('')
    expect(exitCode).toBe(OCF.SUCCESS)
    expect(await machine.servers()).toEqual([])
  }

  test('succeeds with a configuration file that the server would refuse', async () => {
    await machine.shell('cp /etc/mysql/my.cnf /tmp/my.cnf; echo "]broken[" >>/etc/mysql/my.cnf')
    await expectStopped()
    await machine.shell('mv /tmp/my.cnf /etc/mysql/my.cnf')
  })

  test('succeeds when the process id file is lost', async () => {
    await machine.shell('rm /run/mysqld/mysqld.pid')
    await expectStopped()
  })

  test('succeeds when the process id file names another process', async () => {
    await machine.shell('echo 1 >/run/mysqld/mysqld.pid')
    await expectStopped()
  })

  test('succeeds when the socket is lost', async () => {
    await machine.shell('rm /run/mysqld/mysqld.sock')
    await expectStopped()
  })

  test('succeeds when the server program is gone', async () => {
    const { server } = ENGINES[engine]
    await machine.shell(`mv ${server} /tmp/server`)
    await expectStopped()
    await expectStopped()
    await machine.shell(`mv /tmp/server ${server}`)
  })

  test('succeeds with a bad value of a parameter that it does not need', async () => {
    await expectStopped({ parameters: { max_replica_lag: 'soon' } })
  })

  test('kills a server that does not react', async () => {
    await machine.shell('kill -STOP $(pidof mysqld mariadbd)')
    await expectStopped({ parameters: { CRM_meta_timeout: '10000' } })
  })

  test('succeeds where no server was ever installed', async () => {
    await machine.agent('stop')
    await expectStopped({ parameters: { datadir: '/nonexistent', binary: '/nonexistent/mysqld' } })
  })
})
