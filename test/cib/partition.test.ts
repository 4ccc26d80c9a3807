import { expect, test } from 'vitest'
import { isMajority, parsePresence } from '../../cib/partition.ts'

test.each([
  [['a', 'b'], 3, true],
  [['a'], 3, false],
  [['a', 'b'], 4, false],
  [['a', 'b', 'c'], 4, true],
  [['a', 'b'], 5, false],
  [['a'], 2, true],
  [['a'], 1, true],
] as const)('%s of %s nodes may decide: %s', (members, number, may) => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].slice(0, number)
  expect(isMajority(members, nodes)).toBe(may)
})

const NODES = `<nodes><node id="1" uname="a"/><node id="2" uname="b"/><node id="3" uname="c"/>
<node id="far" type="remote" uname="far"/></nodes>`
const cib = (...states: readonly string[]) => `<cib>${NODES}<status>${states.join('')}</status></cib>`
const state = (name: string, words: string) => `<node_state id="1" uname="${name}" ${words}>`

test('members are nodes with corosync and a controller that have joined, in the words of Pacemaker 2.1', () => {
  const seen = cib(
    state('a', 'in_ccm="true" crmd="online" join="member" expected="member"'),
    state('b', 'in_ccm="true" crmd="offline" join="down" expected="down"'),
    state('c', 'in_ccm="false" crmd="online" join="member" expected="member"'),
    state('far', 'in_ccm="true" crmd="online" join="member"'),
  )
  expect(parsePresence(seen)).toEqual({ nodes: ['a', 'b', 'c'], members: ['a'] })
})

test('members are the same in the words of Pacemaker 3', () => {
  const since = 'in_ccm="1795288660" crmd="1795288660"'
  const seen = cib(
    state('a', `${since} join="member" expected="member"`),
    state('b', `${since} join="pending" expected="member"`),
    state('c', 'in_ccm="1795288660" crmd="0" join="member" expected="member"'),
  )
  expect(parsePresence(seen).members).toEqual(['a'])
})
