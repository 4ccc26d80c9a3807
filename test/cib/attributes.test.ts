import { expect, test } from 'vitest'
import { parseCib } from '../../cib/cib-text.ts'
import { formatHoldings, parseHoldings } from '../../cib/holdings.ts'
import { parseNodeAttribute } from '../../cib/node-attribute.ts'
import { formatSourceRecord, parseSourceRecord } from '../../cib/source-record.ts'
import { parseMariadbPositions } from '../../lib/mysql/mariadb-positions.ts'
import { held, record } from '../agent/situations.ts'

test.each([
  ['with GTIDs', record()],
  ['with doubted nodes', record({ doubted: ['alpha', 'gamma'] })],
  ['without GTIDs', record({ gtid: '', previous: { file: 'binlog.000009', position: 4 } })],
])('a source record %s survives its text', (_, given) => {
  expect(parseSourceRecord(formatSourceRecord(given))).toEqual(given)
})
test.each([
  ['', /"" is not a key=value word/],
  ['epoch=1', /the word node= is missing/],
  ['epoch=one node=a host=a port=1 server=1 log=b pos=4 gtid=', /epoch: "one" is not a whole number/],
  ['host|mysql-bin.000003|107', /not a key=value word/],
])('a source record %j is refused with its fault', (text, fault) => {
  expect(() => parseSourceRecord(text)).toThrow(fault)
})
test.each([
  ['MySQL', held('1-5:9')],
  ['MariaDB', { by: 'gtid', flavour: 'mariadb', set: parseMariadbPositions('0-1-100,0-2-105') } as const],
  ['nobody with GTIDs', { by: 'coordinates', readTo: { file: 'binlog.000009', position: 4 } } as const],
])('holdings of %s survive their text', (_, given) => {
  const holdings = { epoch: 3, held: given, sound: true, boot: '5d2c1f0a' }
  expect(parseHoldings(formatHoldings(holdings))).toEqual(holdings)
  expect(parseHoldings(formatHoldings({ ...holdings, partial: true }))).toEqual({ ...holdings, partial: true })
})
test("attrd_updater's lines give the value of every node, and none where it was deleted", () => {
  const lines = 'name="db-holds" host="node1" value=""\nname="db-holds" host="node2" value="epoch=1 by=mysql gtid="'
  expect([...parseNodeAttribute(lines)]).toEqual([['node2', 'epoch=1 by=mysql gtid=']])
})
const CIB = `<cib><configuration><crm_config><cluster_property_set id="a"><nvpair id="a" name="other" value="x"/>
<nvpair id="heir-db" name="db-source" value="a=&quot;&lt;&amp;"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="node1"><instance_attributes id="i"><nvpair id="b" name="db-acker" value="epoch=1"/></instance_attributes></node>
<node id="2" uname="node2"/></nodes>
<resources><primitive id="db"><meta_attributes id="m"><nvpair id="c" name="db-source" value="not this"/></meta_attributes></primitive></resources></configuration></cib>`

test('properties are found in the text of the CIB, unescaped', () => {
  expect([...parseCib(CIB).properties]).toEqual([
    ['other', 'x'],
    ['db-source', 'a="<&'],
  ])
})
test('permanent attributes are found with their nodes', () => {
  const { nodes } = parseCib(CIB)
  expect(nodes.get('node1')?.get('db-acker')).toBe('epoch=1')
  expect(nodes.has('node2')).toBe(false)
})
