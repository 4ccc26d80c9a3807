import type { PowerAction } from './power-switch.ts'

/** What the power switch did, and for how long. */
export interface PowerEvent {
  /** Milliseconds since 1970, the begin. */
  readonly at: number
  /** `reboot` is always fencing's. */
  readonly action: PowerAction
  readonly machine: string
  /** `ok`, or why not. */
  readonly answer: string
}

/** Read what the power switch wrote of its doings; other lines are left out. */
export function parsePowerLog(text: string): PowerEvent[] {
  const lines = text.matchAll(/^(\S+Z) (\w+) (\S+): (.*) after \d+ ms$/gm)
  return [...lines].map(([, at = '', action, machine = '', answer = '']) => {
    return { at: Date.parse(at), action: action as PowerAction, machine, answer }
  })
}
