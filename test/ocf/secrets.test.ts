import { beforeAll, describe, expect, test } from 'vitest'
import { REPLICATION } from '../lab/accounts.ts'
import { AgentMachine, type Call } from './agent-machine.ts'

const PROPERTIES = '/var/lib/fake-cluster/properties'
const TRACE_FILE = '/var/log/heir.trace'

/** Another node is the source, and without GTIDs a replica follows it unasked: with the password, though nobody answers. */
const RECORD =
  'epoch=1 node=node2 acks=1 proven=yes boot=b synced=yes host=node2 port=3306 server=2 log=binlog.000001 pos=4 gtid='
const PROMOTED_ELSEWHERE = {
  CRM_meta_notify_type: 'post',
  CRM_meta_notify_operation: 'promote',
  CRM_meta_notify_promote_uname: 'node2',
}

const OLD_PLACE = { replication_user: 'old', replication_passwd: 'swordfish-17' }
const NEW_PLACE = { credentials: '/etc/heir/credentials.cnf' }

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('on %s', engine => {
  let machine: AgentMachine
  beforeAll(async () => {
    machine = await AgentMachine.open(engine)
    return () => machine.close()
  })

  test.each([
    ['the file', NEW_PLACE, REPLICATION.password],
    ['a parameter', OLD_PLACE, OLD_PLACE.replication_passwd],
  ])('a password from %s stands in no command line, log, trace or exit reason', async (_, parameters, secret) => {
    await machine.shell(`mkdir -p ${PROPERTIES}; echo '${RECORD}' >${PROPERTIES}/db-source; : >${TRACE_FILE}`)
    await machine.shell('FAKE_CLUSTER=/var/lib/fake-cluster /opt/fake-cluster-tools/write-fake-cib')
    const call = {
      parameters: { ...parameters, gtid: 'off' },
      environment: { OCF_TRACE_RA: '1', OCF_TRACE_FILE: TRACE_FILE },
    }
    const watched = {
      ...call,
      through: ['strace', '-f', '-qq', '-s', '65536', '-e', 'trace=execve', '-o', '/tmp/execve'],
    }
    const said: string[] = []
    const act = async (action: string, how: Call) => {
      const { stdout, stderr } = await machine.agent(action, how)
      said.push(stdout, stderr)
    }

    await act('start', call) // strace would stay with the server
    said.push(await machine.shell('cat /proc/$(pidof mysqld mariadbd)/cmdline'))
    await act('notify', { ...watched, parameters: { ...call.parameters, ...PROMOTED_ELSEWHERE } })
    for (const action of ['monitor', 'promote', 'demote', 'validate-all', 'stop']) {
      await act(action, watched)
      said.push(await machine.shell('cat /tmp/execve'))
    }
    said.push(await machine.shell(`cat /var/log/heir.log ${TRACE_FILE} /var/lib/fake-cluster/calls`))

    const everything = said.join('\n')
    expect(everything.includes('step follow'), 'it logged in with the password').toBe(true)
    expect(everything.includes('execve("'), 'the command lines were seen').toBe(true)
    expect(everything.split('\n').filter(line => line.includes(secret))).toEqual([])
  })
})
