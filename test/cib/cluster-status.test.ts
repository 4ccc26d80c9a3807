import { expect, test } from 'vitest'
import { parseClusterStatus } from '../../cib/cluster-status.ts'

const resource = (node: string, role: string) =>
  `<resource id="db" resource_agent="ocf:heir:mysql" role="${role}" active="true" managed="${role === 'Promoted'}" failed="${role !== 'Promoted'}"><node name="${node}" id="1" cached="true"/></resource>`

test('instances are found inside of a clone, with their roles', async () => {
  const clone = `<clone id="db-clone" multi_state="true">${resource('node1', 'Promoted')}${resource('node2', 'Unpromoted')}</clone>`
  const vip = '<resource id="vip" resource_agent="ocf:heartbeat:IPaddr2" role="Started"><node name="node1"/></resource>'
  const xml = `<pacemaker-result><resources>${vip}${clone}</resources></pacemaker-result>`
  expect(await parseClusterStatus(xml)).toEqual([
    { resource: 'db', node: 'node1', role: 'Promoted', managed: true, failed: false },
    { resource: 'db', node: 'node2', role: 'Unpromoted', managed: false, failed: true },
  ])
})
test('a stopped instance is on no node', async () => {
  const xml =
    '<pacemaker-result><resources><resource id="db" resource_agent="ocf:heir:mysql" role="Stopped"/></resources></pacemaker-result>'
  expect(await parseClusterStatus(xml)).toEqual([])
})
