import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodesInRole, parseClusterStatus } from './cluster-status.ts'

/** What crm_mon printed in a lab, by Pacemaker's version. */
function captured(version: string) {
  return parseClusterStatus(readFileSync(join(import.meta.dirname, 'captured', `crm_mon-${version}.xml`), 'utf8'))
}

const NODES = ['node1', 'node2', 'node3']

test.each(['2.1.5', '3.0.0', '3.0.3'])('Pacemaker %s tells quorum, who is online and who decides', version => {
  expect(captured(version)).toMatchObject({ quorate: true, online: NODES, dc: expect.stringMatching(/^node[123]$/) })
})

test.each([
  { version: '2.1.5', unpromoted: ['node2', 'node3'] },
  { version: '3.0.0', unpromoted: ['node2', 'node3'] },
])('Pacemaker $version tells the roles of a clone and the place of a grouped address', ({ version, unpromoted }) => {
  const status = captured(version)
  expect(nodesInRole(status, 'db', 'Promoted')).toEqual(['node1'])
  expect(nodesInRole(status, 'db', 'Unpromoted').toSorted()).toEqual(unpromoted)
  expect(nodesInRole(status, 'vip', 'Started')).toEqual(['node1'])
})

test('an instance that failed is not in the role that it had', () => {
  const dead = { id: 'db', role: 'Promoted', node: 'node1', failed: true }
  const successor = { ...dead, node: 'node2', failed: false }
  const status = { quorate: true, dc: 'node2', online: NODES, resources: [dead, successor], failedActions: [] }
  expect(nodesInRole(status, 'db', 'Promoted')).toEqual(['node2'])
})

test('a resource that runs nowhere has no node', () => {
  expect(captured('3.0.3').resources).toEqual([{ id: 'fencing', role: 'Stopped', node: undefined, failed: false }])
})

test('a failed action is told with its node, its result and its reason', () => {
  const failure = 'op_key="db_promote_0" node="node2" exitstatus="error" exitreason="no quorum" exitcode="1"'
  const xml = `<pacemaker-result><failures><failure ${failure}/></failures></pacemaker-result>`
  expect(parseClusterStatus(xml).failedActions).toEqual(['db_promote_0 on node2: error: no quorum'])
})

test('a degraded result is no failure', () => {
  const failure =
    'op_key="db_monitor_10000" node="node3" exitstatus="OCF_DEGRADED" exitreason="far behind" exitcode="190"'
  const xml = `<pacemaker-result><failures><failure ${failure}/></failures></pacemaker-result>`
  expect(parseClusterStatus(xml).failedActions).toEqual([])
})

test('a cluster that forgot all failures shows none', () => {
  expect(captured('2.1.5').failedActions).toEqual([])
})

test('a node without running cluster software sees no quorum and nobody', () => {
  expect(captured('not-connected')).toEqual({ quorate: false, online: [], resources: [], failedActions: [] })
})
