import type { Attempt } from '../lab/write-record.ts'
import { runChecks } from './checks.ts'
import type { Facts, NodeFacts } from './facts.ts'
import type { LogRun } from './log-runs.ts'

export const AT = Date.UTC(2026, 0, 1)

/** A transaction that took 5 ms, so many milliseconds after the begin. */
export function attempt(id: string, ms: number, server: string): Attempt {
  return { id, rows: 1, begin: AT + ms, sent: AT + ms, end: AT + ms + 5, server, error: undefined }
}

export function run(log: string, origin: string, first: number, last: number): LogRun {
  return { log, origin, first: AT + first, last: AT + last, transactions: 2 }
}

export const ALPHA: NodeFacts = {
  node: 'alpha',
  quarantine: undefined,
  writable: false,
  rows: new Set(['a.1:1', 'a.1:2', 'a.1:3', 'a.1:4', 'a.1:5']),
  earlierRows: 7,
  payloads: [{ writer: 'a.1', sequence: 5, lastSequence: 5 }],
  tables: new Map([['lab.writes', '42']]),
  executed: '0-1-20,0-2-30',
}

export const BETA: NodeFacts = { ...ALPHA, node: 'beta', writable: true }

export const RUNS = [run('alpha', 'alpha', 0, 1000), run('alpha', 'beta', 4000, 6000), run('beta', 'alpha', 0, 1000)]

/** alpha was the source, was killed, and beta followed it; nothing was lost. */
export const GOOD: Facts = {
  flavour: 'mysql',
  before: 'alpha',
  after: 'beta',
  healthyMs: 9000,
  expects: { source: 'moves' },
  attempts: [
    attempt('a.1:1', 0, 'alpha'),
    attempt('a.1:2', 1000, 'alpha'),
    { ...attempt('a.1:3', 4000, 'beta'), rows: 3 },
    { ...attempt('a.1:6', 6000, 'beta'), sent: undefined, error: 'ECONNRESET read ECONNRESET' },
  ],
  nodes: [ALPHA, BETA],
  earlierRows: 7,
  promotions: 1,
  runs: [...RUNS, run('beta', 'beta', 4000, 6000)],
  fenced: [],
  failedActions: [],
}

/** The names and sentences of what is red. */
export function red(change: Partial<Facts>): string[] {
  const results = runChecks({ ...GOOD, ...change })
  return results.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`)
}

export const withBeta = (change: Partial<NodeFacts>): Partial<Facts> => ({ nodes: [ALPHA, { ...BETA, ...change }] })
export const withAlpha = (change: Partial<NodeFacts>): Partial<Facts> => ({ nodes: [{ ...ALPHA, ...change }, BETA] })
