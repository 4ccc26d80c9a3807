import { expect, test } from 'vitest'
import { formatHoldings, parseHoldings } from '../../cib/holdings.ts'
import { parseNodeAttribute } from '../../cib/node-attribute.ts'
import { propertyIn } from '../../cib/record-on-disk.ts'
import { formatSourceRecord, parseSourceRecord } from '../../cib/source-record.ts'
import { parseMariadbPositions } from '../../lib/mysql/mariadb-positions.ts'
import { held, record } from '../agent/situations.ts'

test.each([
  ['with GTIDs', record()],
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
  expect(parseHoldings(formatHoldings({ epoch: 3, held: given }))).toEqual({ epoch: 3, held: given })
})
test("attrd_updater's lines give the value of every node, and none where it was deleted", () => {
  const lines = 'name="db-holds" host="node1" value=""\nname="db-holds" host="node2" value="epoch=1 by=mysql gtid="'
  expect([...parseNodeAttribute(lines)]).toEqual([['node2', 'epoch=1 by=mysql gtid=']])
})
test('a property is found in the file of the CIB, unescaped', () => {
  const cib = '<nvpair id="a" name="other" value="x"/><nvpair id="heir-db" name="db-source" value="a=&quot;&lt;&amp;"/>'
  expect(propertyIn(cib, 'db-source')).toBe('a="<&')
  expect(propertyIn(cib, 'source')).toBeUndefined()
})
