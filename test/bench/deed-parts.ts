import { logTime } from './log-time.ts'

/** How long one run of the agent spent on what: milliseconds by name, in order. */
export interface DeedParts {
  readonly deed: string
  /** When it had looked and decided, and when it opened writes; milliseconds since 1970. */
  readonly decided: number
  readonly opened: number | undefined
  readonly parts: ReadonlyMap<string, number>
}

const LINE = /^\w{3} \d{2} [\d:.]+ \S+ heir\(\S+\) \[(\d+)\] (?:trace|info): (.*)$/
const STEP = /^step (\S+)$/
const DECISION = /^([a-z-]+): (.*): (\S.*)$/

/** Read the agent's trace from a time on: each run of an action that took steps. */
export function readDeeds(trace: string, from: number): DeedParts[] {
  const runs = Map.groupBy(entries(trace, from), ({ pid }) => pid)
  return [...runs.values()].flatMap(lines => deedIn(lines) ?? [])
}

interface Entry {
  readonly at: number
  readonly pid: string
  readonly text: string
}

function entries(trace: string, from: number): Entry[] {
  return trace.split('\n').flatMap(line => {
    const at = logTime(line, from)
    const [, pid, text] = LINE.exec(line) ?? []
    return at === undefined || at < from || pid === undefined || text === undefined ? [] : [{ at, pid, text }]
  })
}

function deedIn(lines: readonly Entry[]): DeedParts | undefined {
  const decision = lines.find(({ text }) => DECISION.test(text))
  const [, deed = ''] = DECISION.exec(decision?.text ?? '') ?? []
  const steps = lines.flatMap(({ at, text }, index) => {
    const [, step] = STEP.exec(text) ?? []
    const next = lines[index + 1]
    return step === undefined || next === undefined ? [] : [{ step, at, end: next.at }]
  })
  if (decision === undefined || steps.length === 0) return undefined
  const opened = steps.find(({ step }) => step === 'open-writes')
  const parts = new Map<string, number>()
  for (const { step, at, end } of steps) parts.set(step, (parts.get(step) ?? 0) + end - at)
  return { deed, decided: decision.at, opened: opened?.at, parts }
}
