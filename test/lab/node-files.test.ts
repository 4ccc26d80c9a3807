import { expect, test } from 'vitest'
import { clusterFiles, serverFiles } from './node-files.ts'

const NODES = ['node1', 'node2']

function clusterFile(path: string) {
  return clusterFiles(NODES).find(file => file.path === path)
}

test('every node knows every node by name, and the client', () => {
  expect(clusterFile('/etc/hosts')?.text).toBe(
    '127.0.0.1 localhost\n10.77.0.1 node1\n10.77.0.2 node2\n10.77.0.254 client\n',
  )
})

test('corosync has a node entry with a number of its own for each node', () => {
  const text = clusterFile('/etc/corosync/corosync.conf')?.text ?? ''
  expect(
    [...text.matchAll(/name: (\S+)\n {4}nodeid: (\d)\n {4}ring0_addr: (\S+)/g)].map(match => match.slice(1)),
  ).toEqual([
    ['node1', '1', '10.77.0.1'],
    ['node2', '2', '10.77.0.2'],
  ])
})

test('of two nodes one alone goes on, and of three none', () => {
  expect(clusterFile('/etc/corosync/corosync.conf')?.text).toMatch(
    /quorum \{\n.+\n {2}two_node: 1\n {2}wait_for_all: 1\n\}/,
  )
  const three = clusterFiles([...NODES, 'arbiter']).find(({ path }) => path === '/etc/corosync/corosync.conf')
  expect(three?.text).toMatch(/quorum \{\n.+\n\}/)
  expect(three?.text).toMatch(/name: arbiter\n {4}nodeid: 99\n {4}ring0_addr: 10.77.0.99\n/)
})

test('a node that is lost is noticed after the token time-out itself', () => {
  expect(clusterFile('/etc/corosync/corosync.conf')?.text).toMatch(/token: 1000\n {2}token_coefficient: 0\n/)
})

test('only root may read the credentials', () => {
  const file = clusterFile('/etc/heir/credentials.cnf')
  expect(file?.mode).toBe(0o600)
  expect(file?.text).toMatch(/^\[replication\]\nuser=.+\npassword=.+\n$/)
})

test('the configuration stands as it was given, and the settings of the lab come after it', () => {
  const files = serverFiles('[mysqld]\nlog_bin=x\n', { flavour: 'mysql', serverId: 2, host: 'node2' }, [
    'gtid_mode=OFF',
  ])
  const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]))
  expect(texts['/etc/mysql/my.cnf']).toBe('!include /etc/mysql/heir.cnf\n!include /etc/mysql/lab.cnf\n')
  expect(texts['/etc/mysql/heir.cnf']).toBe('[mysqld]\nlog_bin=x\n')
  expect(texts['/etc/mysql/lab.cnf']).toMatch(/^\[mysqld\]\nserver_id=2\nreport_host=node2\n(.+\n)*gtid_mode=OFF\n$/)
})

test.each([
  { flavour: 'mysql', name: 'replica_net_timeout' },
  { flavour: 'mariadb', name: 'slave_net_timeout' },
] as const)('$flavour gives a silent source up after ten seconds', ({ flavour, name }) => {
  const texts = serverFiles('', { flavour, serverId: 1, host: 'node1' }, []).map(({ text }) => text)
  expect(texts.join()).toContain(`${name}=10\n`)
})
