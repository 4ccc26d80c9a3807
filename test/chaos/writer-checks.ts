import type { Check } from './data-checks.ts'
import { type Facts, isReadable } from './facts.ts'
import { type LogRun, PRECISION_MS } from './log-runs.ts'
import { reigns } from './reigns.ts'

/**
 * By what the clients were told: no two servers acknowledged transactions by turns. Each promotion lets one more server begin, so
 * there may be one reign more than there were promotions (the cluster's epoch counts them). A second source at the same time adds
 * at least two reigns and no epoch, or comes back after its successor acknowledged something, which adds one. It proves nothing of
 * a server to whom no client got through: that is what the logs are for.
 */
export const ONE_ACKNOWLEDGER: Check = {
  name: 'one server acknowledged at a time',
  holds: ({ attempts }) =>
    `acknowledged by ${reigns(attempts)
      .map(({ server, transactions }) => `${server} (${transactions})`)
      .join(', then ')}`,
  faults: ({ attempts, promotions }) => {
    const found = reigns(attempts)
    if (found.length <= promotions + 1) return []
    const order = found.map(({ server, transactions }) => `${server} (${transactions})`).join(', ')
    return [`${found.length} turns with ${promotions} promotions in between: ${order}`]
  },
}

/**
 * By what the servers wrote: in no two binary logs do transactions of different servers overlap in time, and no log has more turns
 * than promotions allow. All nodes share one clock. Each transaction carries the server that a client wrote it to, and the instant
 * of its commit there, in every log that holds it, so a transaction is seen as long as one node keeps it; the tails that the agent
 * cut off are among the logs. The order within one log needs no clock: MariaDB's times are whole seconds, so that an overlap shorter
 * than one is seen by the turns only. What stands only in the log of a node that has to be in quarantine is what it is there for.
 */
export const ONE_WRITER: Check = {
  name: 'one server wrote at a time',
  holds: ({ runs }) => `the binary logs hold ${runs.length} runs of one server each, none beside another`,
  faults: facts => [...silence(facts), ...overlaps(facts), ...turns(facts)],
}

/** A log without any transaction since the load began was not read, or is not the server's. */
function silence({ nodes, runs }: Facts): string[] {
  const silent = nodes.filter(isReadable).filter(({ node }) => !runs.some(({ log }) => log === node))
  return silent.map(({ node }) => `the binary logs of ${node} show no transaction since the load began`)
}

function overlaps(facts: Facts): string[] {
  const { flavour } = facts
  const runs = judgedRuns(facts)
  const precision = PRECISION_MS[flavour]
  const pairs = runs.flatMap((one, index) => runs.slice(index + 1).map(other => [one, other] as const))
  const found = pairs
    .map(([one, other]) => (one.first <= other.first ? [one, other] : [other, one]) as [LogRun, LogRun])
    .filter(([one, other]) => one.origin !== other.origin && other.first + precision <= one.last)
  return found.map(([one, other]) => {
    const [from, to] = [other.first, Math.min(one.last, other.last)].map(at => new Date(at).toISOString())
    return `${one.origin} (log of ${one.log}) and ${other.origin} (log of ${other.log}) both wrote from ${from} to ${to}`
  })
}

function turns(facts: Facts): string[] {
  const { nodes, promotions } = facts
  const runs = judgedRuns(facts)
  return nodes.flatMap(({ node }) => {
    const own = runs.filter(({ log }) => log === node)
    if (own.length <= promotions + 1) return []
    const order = own.map(({ origin, transactions }) => `${origin} (${transactions})`).join(', ')
    return [`the log of ${node} has ${own.length} turns with ${promotions} promotions in between: ${order}`]
  })
}

function judgedRuns({ runs, expects: { quarantined = [] } }: Facts): LogRun[] {
  return runs.filter(({ log }) => !quarantined.includes(log))
}

/** In the end the source is writable, and nobody else. */
export const ONE_WRITABLE: Check = {
  name: 'only the source is writable',
  holds: ({ after }) => `${after} is the only one`,
  faults: ({ nodes, after }) =>
    nodes
      .filter(isReadable)
      .filter(({ node, writable }) => writable !== (node === after))
      .map(({ node, writable }) => (writable ? `${node} is writable` : `${node} is the source and not writable`)),
}
