import { expect, test } from 'vitest'
import type { ConfigureArguments } from '../../../agent/commands/configure-request.ts'
import { printed } from './configure-words.ts'

const HOMES = ['alpha=10.0.0.1', 'beta=10.0.0.2', 'lb1=10.0.0.11', 'lb2=10.0.0.12']
const behind = (lvs: string, change: Partial<ConfigureArguments> = {}): Partial<ConfigureArguments> => ({
  ...{ balanced: true, lvs, balancers: 'lb1,lb2', nodes: 'alpha,beta', readerVip: [], address: HOMES, node: 'lb1' },
  ...change,
})

test.each([
  [behind('keepalived'), 'ldirectord', 'ldirectord tells LVS nothing here: use --lvs ldirectord everywhere'],
  [behind('ldirectord'), 'keepalived', 'keepalived tells LVS nothing here: use --lvs keepalived everywhere'],
  [behind('keepalived'), 'haproxy', 'haproxy balances without LVS: leave --lvs and --balancers out everywhere'],
])('%j prints no %s: %s', (change, format, refusal) => {
  expect(() => printed({ ...change, format })).toThrow(refusal)
})

test.each([
  ['ldirectord', 'lb1', false],
  ['ldirectord', 'lb1,lb2', true],
  ['keepalived', 'lb1', true],
])('with %s on %s a word about an even number of nodes in the cluster is said: %s', (lvs, balancers, said) => {
  const text = printed(behind(lvs, { balancers, address: [], format: 'crm' }))
  expect(text.includes('With an even number of nodes')).toBe(said)
})
