import type { FailoverRun } from '../../packaging/measurement.ts'
import { faultNamed } from '../chaos/faults.ts'
import { AGENTS } from './agents.ts'
import { columns } from './table.ts'

/** The faults of the suite that any agent can be put through, in the order of the table. */
export const FAULTS_FOR_ALL = [
  'kill-source',
  'off-source',
  'cut-source',
  'standby',
  'switchover',
  'one-way-3',
  'one-way-15',
]

const HEADER = ['fault', 'agent', 'semi-sync', 'write gap s', 'lost', 'old primary back', 'data identical']

/** The runs as a table of text, agents side by side below each fault: the median of the gaps, every other outcome with its count. */
export function failoverTable(runs: readonly FailoverRun[]): string {
  const rows = FAULTS_FOR_ALL.flatMap(fault =>
    AGENTS.flatMap(agent => {
      const own = runs.filter(run => run.fault === fault && run.agent === agent.name)
      return own.length === 0 ? [] : [[faultNamed(fault).title, agent.name, agent.semiSync, ...cells(own)]]
    }),
  )
  return columns([HEADER, ...rows])
}

/** The cells of the runs of one fault with one agent. */
function cells(runs: readonly FailoverRun[]): string[] {
  return [
    gaps(runs),
    runs.map(({ lost }) => lost ?? '?').join(', '),
    share(runs.map(({ returned }) => returned)),
    share(runs.map(({ differing }) => differing.length === 0)),
  ]
}

/** Median, least and most; a gap that did not end counts as longer than any. */
function gaps(runs: readonly FailoverRun[]): string {
  const sorted = runs.map(({ gapMs }) => gapMs ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b)
  const text = (gap: number | undefined) =>
    gap !== undefined && Number.isFinite(gap) ? (gap / 1000).toFixed(1) : 'no end'
  const median = text(sorted[Math.floor((sorted.length - 1) / 2)])
  return sorted.length === 1 ? median : `${median} (${text(sorted[0])}–${text(sorted.at(-1))})`
}

function share(outcomes: readonly boolean[]): string {
  const yes = outcomes.filter(Boolean).length
  if (yes === outcomes.length) return 'yes'
  return yes === 0 ? 'no' : `${yes} of ${outcomes.length}`
}
