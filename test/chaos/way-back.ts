import { logTime } from '../bench/log-time.ts'
import type { Lab } from '../lab/lab.ts'

/** What an old source met on its way back, the first that it did. */
export const RUNGS = ['cut', 'not cut', 'followed', 'fetched', 'kept apart'] as const
export type Rung = (typeof RUNGS)[number]

/** How an old source came back, by the agent's log on its node. */
export interface WayBack {
  readonly rung: Rung
  /** From when its server answered until it acknowledged again, in milliseconds; null where it did not. */
  readonly backMs: number | null
}

/** What the agent says at each rung, the first that it says counts. */
const SAID: readonly (readonly [Rung, RegExp])[] = [
  ['cut', / start: \S+ was the source and crashed; /],
  ['not cut', / start: starting mysqld without cutting its binary log: /],
  ['kept apart', /holds transactions that \S+ lacks|is in quarantine/],
  ['fetched', / fetches from \S+ what /],
  ['followed', /: following \S+ from now on/],
]

const UP = / start: .*\(exit 0\)$/
const BACK = /: acknowledging commits of \S+ from now on/

/** One that is up again before its successor is promoted is among its first ackers, and says no more than this. */
const BACK_AS_FIRST = / post-promote: following \S+ from now on \(exit 0\)$/

/** Read it from the log of the old source's node, from the fault on. */
export async function readWayBack(lab: Lab, node: string, at: number): Promise<WayBack | undefined> {
  const { stdout } = await lab.exec(node, ['grep', '-h', ' heir(', '/var/log/pacemaker/pacemaker.log'])
  return parseWayBack(stdout.split('\n'), at)
}

/** The same from the lines of that log; undefined where the node was not started since. */
export function parseWayBack(lines: readonly string[], at: number): WayBack | undefined {
  const since = lines.flatMap(line => {
    const time = logTime(line, at)
    return time !== undefined && time >= at ? [{ line, time }] : []
  })
  const rung = SAID.find(([, words]) => since.some(({ line }) => words.test(line)))?.[0]
  const up = since.find(({ line }) => UP.test(line))
  if (rung === undefined || up === undefined) return undefined
  const after = since.filter(({ time }) => time >= up.time)
  const back = after.find(({ line }) => BACK.test(line)) ?? after.find(({ line }) => BACK_AS_FIRST.test(line))
  return { rung, backMs: back === undefined ? null : back.time - up.time }
}
