import type { Plan, Step } from '../agent/plan.ts'
import { type Deed, decide, TRANSITIONS } from '../agent/transitions.ts'
import { code, table } from './markdown.ts'
import { EXAMPLES, type Example } from './readme-examples.ts'

/** What each action does to an instance as it finds it, as a table in Markdown: the agent's own decisions on examples. */
export function stateTable(): string {
  const deeds = Object.keys(TRANSITIONS) as Deed[]
  return table(['action', 'the instance is', 'steps, in this order', 'answer', 'reason'], deeds.flatMap(rowsOf))
}

/** Examples that come to the same stand in one row. */
function rowsOf(deed: Deed): string[][] {
  const groups = Map.groupBy(EXAMPLES, ({ situation }: Example) => JSON.stringify(outcome(decide(deed, situation))))
  return [...groups].map(([cells, examples]) => [
    code(deed),
    examples.map(({ found }) => found).join('; '),
    ...JSON.parse(cells),
  ])
}

function outcome({ steps, otherwise, next, because }: Plan): string[] {
  const fallback = otherwise === undefined || otherwise.length === 0 ? '' : `; when one fails: ${named(otherwise)}`
  return [`${named(steps)}${fallback}`, next === 'look-again' ? 'looks again' : code(next), because]
}

const named = (steps: readonly Step[]): string => steps.map(nameOf).join(', ')
const nameOf = (step: Step): string => code(step.do === 'stop-server' ? `stop-server (${step.how})` : step.do)
