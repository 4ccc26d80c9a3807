import type { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'

const PAUSE_MS = 100

/**
 * Ask again and again until the probe answers something. Throws Failure `timed-out` when the deadline passes first,
 * with `description` as its subject: "node2 following node1".
 */
export async function waitFor<T>(
  description: string,
  probe: () => Promise<T | undefined>,
  deadline: Deadline,
): Promise<T> {
  const seconds = Math.round(deadline.remainingMs / 1000)
  const answer = await deadline.poll(PAUSE_MS, probe)
  if (answer === undefined) throw new Failure('timed-out', `${description}: not within ${seconds} s`)
  return answer
}
