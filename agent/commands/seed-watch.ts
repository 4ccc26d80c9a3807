import { setTimeout as delay } from 'node:timers/promises'
import { command } from '../../lib/system/command.ts'
import { Failure } from '../../lib/system/failure.ts'
import { thisProgram } from '../../lib/system/process-table.ts'
import type { Session } from '../session.ts'
import type { PromotionReport } from './promotion.ts'

/** How soon a seed that was killed begins anew, and how often: what kills it each time, as a lack of memory does, gets no peace by it. */
const PAUSE_MS = 10_000
const TIMES = 20

/**
 * See a seed through that nobody asked for by hand: it runs in a process of its own, which is started anew when it is killed.
 * Nothing else would do that: while the node is held back, Pacemaker looks at nothing there.
 */
export async function watchSeed({ invocation, log, deadline }: Session): Promise<PromotionReport> {
  for (let time = 1; ; time++) {
    try {
      const words = seedWords(invocation.resource, ['--watched'])
      const { exitCode, stdout, stderr } = await command(thisProgram(), words, { deadline })
      const sentence = (exitCode === 0 ? stdout : stderr).trim().split('\n').at(-1) ?? ''
      return { done: exitCode === 0, sentence }
    } catch (error) {
      if (!(error instanceof Failure && error.kind === 'rejected') || time >= TIMES) throw error
      log.warning(`seed: ${error.message}; starting it again in ${PAUSE_MS / 1000} s`)
      await delay(PAUSE_MS)
    }
  }
}

/** The arguments of a seed by policy. */
export const seedWords = (resource: string, further: readonly string[] = []): readonly string[] => [
  ...['seed', '--resource', resource, '--discard', '--automatic'],
  ...further,
]
