import { expect, test } from 'vitest'
import { parseXml } from '../../../cib/parse-xml.ts'
import { type Change, changesTo } from '../../../cib/snippets/changes.ts'
import type { Configuration } from '../../../cib/snippets/configuration.ts'
import { xmlText } from '../../../cib/snippets/xml.ts'
import { merged } from '../../../cib/snippets/xml-search.ts'

const WANTED: Configuration = {
  notes: [],
  missing: { because: '', resources: [], constraints: [] },
  resources: [
    {
      id: 'db',
      agent: 'ocf:heir:mysql',
      because: '',
      parameters: [{ name: 'acks', value: '1' }],
      operations: [{ name: 'monitor', role: 'Promoted', intervalSeconds: 3, timeoutSeconds: 20 }],
      meta: [{ name: 'priority', value: '1' }],
      promotable: { id: 'db-clone', meta: [{ name: 'notify', value: 'true' }] },
    },
  ],
  constraints: [
    {
      id: 'where',
      kind: 'location',
      resource: 'db-clone',
      score: '-INFINITY',
      rule: { match: 'and', expressions: [{ attribute: '#uname', is: 'ne', value: 'alpha' }] },
      because: '',
    },
  ],
  properties: [{ name: 'stonith-enabled', value: 'true' }],
}

const WHERE = `<rsc_location id="where" rsc="db-clone"><rule id="r" boolean-op="and" score="-INFINITY">
  <expression id="e" operation="ne" attribute="#uname" value="alpha"/></rule></rsc_location>`

/** A CIB as other tools write it, with ids of their own; parts of it may be other than they should be. */
const cib = (
  change: { acks?: string; op?: string; where?: string; clone?: string; type?: string; more?: string } = {},
) => {
  const {
    acks = '1',
    op = 'interval="3s" timeout="20s"',
    where = WHERE,
    clone = 'db-clone',
    type = 'mysql',
    more = '',
  } = change
  return `<?xml version="1.0"?><cib><!-- of somebody --><configuration>
    <crm_config><cluster_property_set id="own"><nvpair id="own-s" name="stonith-enabled" value="true"/></cluster_property_set></crm_config>
    <resources><clone id="${clone}"><meta_attributes id="c"><nvpair id="c-n" name="notify" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heir" type="${type}">
        <meta_attributes id="m"><nvpair id="m-p" name="priority" value="1"/></meta_attributes>
        <operations><op id="o" name="monitor" role="Promoted" ${op}/></operations>
        <instance_attributes id="i"><nvpair id="i-a" name="acks" value="${acks}"/>${more}</instance_attributes>
      </primitive></clone></resources>
    <constraints>${where}</constraints></configuration></cib>`
}

async function changes(text: string): Promise<readonly Change[] | { readonly refusal: string }> {
  const root = await parseXml(text)
  if (root === undefined) throw new Error('no XML')
  return changesTo(root, WANTED)
}

async function change(text: string): Promise<Change> {
  const found = await changes(text)
  if ('refusal' in found || found.length !== 1) throw new Error(JSON.stringify(found))
  return found[0] as Change
}

test('a cluster that has it needs no change, whatever ids and order another tool gave it', async () => {
  expect(await changes(cib())).toEqual([])
})

test('what a cluster has beside it is no difference', async () => {
  expect(await changes(cib({ more: '<nvpair id="i-d" name="datadir" value="/srv"/>' }))).toEqual([])
})

test('a value is set under the id that it has', async () => {
  const { lines, modify } = await change(cib({ acks: '2' }))
  expect(lines).toEqual(['- db acks=2', '+ db acks=1'])
  expect(xmlText(modify === undefined ? [] : [modify]).replaceAll(/\n */g, '')).toBe(
    '<resources><clone id="db-clone"><primitive id="db"><instance_attributes id="i"><nvpair id="i-a" name="acks" value="1"/></instance_attributes></primitive></clone></resources>',
  )
})

test('an operation is known by its name and role', async () => {
  const { lines } = await change(cib({ op: 'interval="5s" timeout="20s"' }))
  expect(lines).toEqual([
    '- db op monitor role=Promoted interval=5s timeout=20s',
    '+ db op monitor role=Promoted interval=3s timeout=20s',
  ])
})

test('a constraint with another rule is replaced as a whole', async () => {
  const other = WHERE.replace(
    '<expression',
    '<expression id="f" operation="ne" attribute="#uname" value="beta"/><expression',
  )
  const { replace, modify, lines } = await change(cib({ where: other }))
  expect({ replaced: replace?.attributes['id'], modify }).toEqual({ replaced: 'where', modify: undefined })
  expect(lines.filter(line => line.startsWith('-')).join()).toContain('value="beta"')
})

test('an empty cluster gets all of it', async () => {
  const found = await changes('<cib><configuration/></cib>')
  if ('refusal' in found) throw new Error(found.refusal)
  expect(found.map(({ lines }) => lines[0])).toEqual([
    '+ property stonith-enabled=true',
    '+ db ocf:heir:mysql',
    '+ <rsc_location id="where" rsc="db-clone">',
  ])
})

test('a set with a rule of its own is not written into', async () => {
  const timed =
    '<instance_attributes id="t"><rule id="t-r" score="1"/><nvpair id="t-a" name="acks" value="5"/></instance_attributes>'
  const text = cib().replace('<operations>', `${timed}<operations>`)
  expect(await changes(text)).toEqual([])
})

test.each([
  [
    { type: 'mariadb' },
    'db is ocf:heir:mariadb in the cluster, and should be ocf:heir:mysql: remove it, or use another name',
  ],
  [{ clone: 'mine' }, 'db is in mine, and should be in db-clone: remove it, or rename its clone'],
])('with %j the cluster is not changed', async (difference, refusal) => {
  expect(await changes(cib(difference))).toEqual({ refusal })
})

test('parts of one tree become one tree', () => {
  const leaf = (id: string) => ({ name: 'nvpair', attributes: { id }, children: [] })
  const part = (id: string) => ({ name: 'set', attributes: { id: 's' }, children: [leaf(id)] })
  expect(xmlText(merged([part('a'), part('b')]))).toBe('<set id="s">\n  <nvpair id="a"/>\n  <nvpair id="b"/>\n</set>\n')
})
