import { BEFORE_START } from '../agent/actions/start.ts'
import { FAILURE_EXIT, OCF } from '../agent/exit-code.ts'
import { RULES } from '../agent/fitness-rules.ts'
import { LADDER } from '../agent/rejoin.ts'
import { EXIT_MEANINGS } from './exit-meanings.ts'
import { code, table } from './markdown.ts'

/** How a serving instance is judged, as a table in Markdown: the rules in the order in which they are asked. */
export function scoreTable(): string {
  const rows = RULES.map(({ because, score, readable, degraded }) => [
    because,
    code(score ?? 'none'),
    readable ? '1' : '0',
    degraded ? 'yes' : '',
  ])
  return table(['the instance …', 'promotion score', 'readers', 'degraded'], rows)
}

/** How an old source comes back, as a table in Markdown: the rungs in the order in which they are asked. */
export function ladderTable(): string {
  const rows = [
    ...BEFORE_START.map(({ found, outcome }) => ['before it starts', found, outcome]),
    ...LADDER.map(({ found, outcome }) => ['before it follows', found, outcome]),
  ]
  return table(['when', 'what is found', 'what the instance does'], rows)
}

/** The exit codes as a table in Markdown, with the kinds of failure that end in each. */
export function exitTable(): string {
  const rows = Object.entries(OCF).map(([name, exit]) => [
    code(exit),
    name,
    EXIT_MEANINGS[name as keyof typeof OCF],
    failuresOf(exit).join(', '),
  ])
  return table(['code', 'name', 'meaning', 'failures that end so'], rows)
}

const failuresOf = (exit: number) =>
  Object.entries(FAILURE_EXIT)
    .filter(([, code]) => code === exit)
    .map(([kind]) => kind)
