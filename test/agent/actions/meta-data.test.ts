import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { ACTIONS, type AdvertisedAction } from '../../../agent/action-table.ts'
import { metaData } from '../../../agent/actions/meta-data.ts'
import { PARAMETERS } from '../../../agent/parameter-table.ts'
import manifest from '../../../package.json' with { type: 'json' }

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: name => ['parameter', 'action', 'option', 'replaced-with'].includes(name),
})
const agent = parser.parse(metaData())['resource-agent']
const parameter = (name: string) =>
  agent.parameters.parameter.find((element: Record<string, unknown>) => element['@name'] === name)

test('the description is well-formed XML of version 1.1', () => {
  expect(XMLValidator.validate(metaData())).toBe(true)
  expect(agent).toMatchObject({ '@name': 'mysql', '@version': manifest.version, version: 1.1 })
})

test('the XML declaration names no encoding: crmsh parses decoded text, and refuses a declaration in it', () => {
  expect(metaData()).toMatch(/^<\?xml version="1.0"\?>\n/)
})

test('every parameter is described in the order of the table', () => {
  const names = agent.parameters.parameter.map((element: Record<string, unknown>) => element['@name'])
  expect(names).toEqual(Object.keys(PARAMETERS))
  for (const element of agent.parameters.parameter) {
    expect(element.longdesc['@lang'], element['@name']).toBe('en')
    expect(element.shortdesc['#text'], element['@name']).toMatch(/^[A-Z].*[^.]$/)
    expect(element.longdesc['#text'], element['@name']).toMatch(/\.$/)
  }
})

test('text from the table is escaped', () => {
  expect(metaData()).toContain('&quot;heir configure&quot;')
  expect(agent.longdesc['#text']).toContain('"heir configure"')
})

test('a parameter says its type, default and possible values', () => {
  expect(parameter('replication_port').content).toEqual({ '@type': 'integer', '@default': '3306' })
  expect(parameter('config').content).toEqual({ '@type': 'string' })
  expect(parameter('gtid').content).toEqual({
    '@type': 'select',
    '@default': 'auto',
    option: [{ '@value': 'auto' }, { '@value': 'off' }],
  })
})

test('what two instances cannot share is unique, what needs no restart is reloadable', () => {
  expect(parameter('socket')['@unique-group']).toBe('socket')
  expect(parameter('max_replica_lag')['@reloadable']).toBe('1')
  expect(parameter('datadir')['@reloadable']).toBeUndefined()
})

test('deprecated parameters name their successors', () => {
  expect(parameter('max_slave_lag').deprecated).toEqual({
    'replaced-with': [{ '@name': 'max_replica_lag' }],
    desc: { '@lang': 'en', '#text': 'It is the old name of max_replica_lag: rename it.' },
  })
  expect(parameter('node_list').deprecated['replaced-with']).toBeUndefined()
  expect(parameter('datadir').deprecated).toBeUndefined()
})

test('every action is advertised with a timeout', () => {
  const advertised = agent.actions.action.map((element: Record<string, string>) => [
    element['@name'],
    element['@timeout'],
  ])
  expect(advertised).toEqual(ACTIONS.map(({ name, timeoutSeconds }) => [name, `${timeoutSeconds}s`]))
})

test('no two monitors have the same interval, which Pacemaker refuses', () => {
  const intervals = ACTIONS.flatMap(({ intervalSeconds }: AdvertisedAction) => intervalSeconds ?? [])
  expect(intervals).toHaveLength(3)
  expect(new Set(intervals).size).toBe(3)
  expect(agent.actions.action.map((element: Record<string, string>) => element['@interval'])).toContain('3s')
})
