import { judge, type Verdict } from '../lab/judge.ts'
import { type Facts, isReadable, type NodeFacts, servingNodes } from './facts.ts'

/** One check: what is wrong, a sentence each; nothing when all is well. */
export interface Check {
  readonly name: string
  /** What is true when nothing is wrong. */
  readonly holds: (facts: Facts) => string
  readonly faults: (facts: Facts) => string[]
}

/** So many ids are named in a sentence, the rest is counted. */
const NAMED = 3

/** The source holds every acknowledged transaction as a whole, those of earlier loads too, and nothing that nobody committed. */
export const NOTHING_LOST: Check = {
  name: 'nothing lost',
  holds: ({ attempts, after }) =>
    `${after} holds all of ${attempts.filter(({ error }) => error === undefined).length} acknowledged transactions`,
  faults: facts => {
    const source = facts.nodes.find(({ node }) => node === facts.after)
    if (source === undefined) return ['there is no source whose data could be judged']
    if (!isReadable(source)) return [`${source.node} is the source and cannot be looked at: ${source.unreadable}`]
    return [...contentFaults(facts, source), ...loadFaults(facts)]
  },
}

/** A load that acknowledged nothing would find nothing lost. */
function loadFaults({ attempts }: Facts): string[] {
  return attempts.some(({ error }) => error === undefined) ? [] : ['no transaction was acknowledged at all']
}

/** Every node that is not in quarantine holds the same tables and the same transactions, and all that was acknowledged. */
export const SAME_DATA: Check = {
  name: 'same data everywhere',
  holds: facts => {
    const [first] = servingNodes(facts)
    const names = servingNodes(facts).map(({ node }) => node)
    return `${names.join(', ')} hold the same ${first?.tables.size ?? 0} tables and the same transactions`
  },
  faults: facts => {
    const unreadable = facts.nodes.flatMap(node => (isReadable(node) ? [] : [`${node.node}: ${node.unreadable}`]))
    const serving = servingNodes(facts)
    const source = serving.find(({ node }) => node === facts.after)
    if (source === undefined) return [...unreadable, 'there is no source to compare with']
    const others = serving.filter(({ node }) => node !== source.node)
    return [...unreadable, ...others.flatMap(other => [...contentFaults(facts, other), ...differences(other, source)])]
  },
}

function contentFaults({ attempts, earlierRows }: Facts, facts: NodeFacts): string[] {
  const { node, rows } = facts
  const [verdict] = judge(attempts, new Map([[node, rows]]))
  const lacking = earlierRows - facts.earlierRows
  return [
    ...(verdict === undefined ? [] : verdictFaults(verdict)),
    ...(lacking === 0 ? [] : [`${node} has ${facts.earlierRows} rows of earlier loads, not ${earlierRows}`]),
    ...payloadFaults(facts),
  ]
}

function verdictFaults({ server, missing, torn, uncommitted, foreign }: Verdict): string[] {
  return [
    ...listed(missing, ids => `${server} lacks ${missing.length} acknowledged transactions: ${ids}`),
    ...listed(torn, ids => `${server} holds parts of ${torn.length} transactions: ${ids}`),
    ...listed(uncommitted, ids => `${server} holds ${uncommitted.length} transactions that nobody committed: ${ids}`),
    ...listed(foreign, ids => `${server} holds ${foreign.length} rows that nobody sent: ${ids}`),
  ]
}

/** A large value and its rows are of one transaction, and its writer writes no others: the value belongs to the last row. */
function payloadFaults({ node, payloads }: NodeFacts): string[] {
  return payloads
    .filter(({ sequence, lastSequence }) => sequence !== lastSequence)
    .map(({ writer, sequence, lastSequence }) => {
      return `${node} holds the large value that belongs to ${writer}:${sequence} beside row ${writer}:${lastSequence}`
    })
}

function differences(other: NodeFacts, source: NodeFacts): string[] {
  const names = [...new Set([...source.tables.keys(), ...other.tables.keys()])]
  const tables = names
    .filter(name => other.tables.get(name) !== source.tables.get(name))
    .map(name => {
      return `${other.node} has ${name} with checksum ${other.tables.get(name)}, ${source.node} ${source.tables.get(name)}`
    })
  const same = other.executed === source.executed
  const executed = `${other.node} executed ${other.executed}, but ${source.node} ${source.executed}`
  return same ? tables : [...tables, executed]
}

function listed(ids: readonly string[], sentence: (ids: string) => string): string[] {
  const rest = ids.length > NAMED ? ', …' : ''
  return ids.length === 0 ? [] : [sentence(`${ids.slice(0, NAMED).join(', ')}${rest}`)]
}
