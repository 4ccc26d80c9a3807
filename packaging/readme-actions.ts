import { ACTIONS, type AdvertisedAction } from '../agent/action-table.ts'
import { code, table } from './markdown.ts'

/** Every action with its times, as a table in Markdown. */
export function actionTable(): string {
  return table(['action', 'timeout', 'interval', 'what it does', 'why these times'], ACTIONS.map(row))
}

function row({ name, role, timeoutSeconds, intervalSeconds, summary, because }: AdvertisedAction): string[] {
  const interval = intervalSeconds === undefined ? '' : `${intervalSeconds} s`
  return [
    role === undefined ? code(name) : `${code(name)} (${role})`,
    `${timeoutSeconds} s`,
    interval,
    summary,
    because,
  ]
}
