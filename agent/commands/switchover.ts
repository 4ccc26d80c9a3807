import { readClusterStatus } from '../../cib/cluster-status.ts'
import { readPromotionScore, writePromotionScore } from '../../cib/promotion-score.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { choose, type PromotionReport, type PromotionRequest, raiseUntilPromoted } from './promotion.ts'

/** The options of the command line, as yargs takes them. */
export const SWITCHOVER_OPTIONS = {
  to: { type: 'string', demandOption: true, describe: 'Node that becomes the source' },
  resource: { type: 'string', describe: 'Name of the resource, where there are several' },
  timeout: { type: 'number', default: 60, describe: 'Seconds to wait for the promotion' },
} as const

/**
 * Hand the source's role over to a node by raising its promotion score: no constraint is left behind.
 * Ends when the node is promoted; when that fails, its score is what it was.
 */
export async function switchover({ to, resource, timeoutMs }: PromotionRequest): Promise<PromotionReport> {
  const deadline = Deadline.in(timeoutMs)
  const choice = choose(await readClusterStatus(deadline), to, resource)
  if ('refusal' in choice) return { done: false, sentence: choice.refusal }
  if (choice.already) return { done: true, sentence: `${to} is promoted already` }

  const name = choice.resource
  const before = await readPromotionScore(name, to, deadline)
  if (before === undefined || !(Number(before) > 0)) {
    return {
      done: false,
      sentence: `${to} may not be promoted: its promotion score is ${before ?? 'not set'}; see its exit reason in crm_mon`,
    }
  }
  if (await raiseUntilPromoted(name, to, deadline)) return { done: true, sentence: `${to} is promoted` }

  await writePromotionScore(name, to, before, Deadline.in(10_000))
  return {
    done: false,
    sentence: `${to} has not been promoted within ${timeoutMs / 1000} s; its promotion score is ${before} again`,
  }
}
