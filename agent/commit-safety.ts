import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import type { Measure } from './certify.ts'
import { certifiedAcks, keepsCommits } from './durability.ts'
import type { Situation } from './situation.ts'

// Whether a source keeps over a loss of power what it acknowledges, is the cluster's word and the server's settings. These can
// be changed while it runs; an election that finds the source again goes by the word.

/** The cluster says of this source's commits what is not so any more. */
export function isMisjudged({ memory }: Situation, { commitsSynced }: ServerFacts): boolean {
  return memory.record !== undefined && keepsCommits(memory.record, memory) !== commitsSynced
}

/** Take back that the source keeps its commits, as soon as its settings are not so. Nobody waits for this but an election. */
export function doubtCommits(situation: Situation, facts: ServerFacts): Measure | undefined {
  const { memory, cluster } = situation
  const { record } = memory
  if (!isMisjudged(situation, facts) || facts.commitsSynced || record === undefined || cluster === undefined)
    return undefined
  const { epoch } = record
  const acks = certifiedAcks(record, memory)
  return {
    because: 'the server does not wait for its disk any more',
    steps: [{ do: 'lower-guarantee', epoch, acks, synced: false, witnesses: cluster.online }],
  }
}

/** Say that it keeps them, once all that it committed before is on its disk as well. */
export function trustCommits(situation: Situation, facts: ServerFacts): Measure | undefined {
  const { record } = situation.memory
  if (!isMisjudged(situation, facts) || !facts.commitsSynced || record === undefined) return undefined
  return {
    because: 'the server waits for its disk from now on',
    steps: [{ do: 'trust-commits', epoch: record.epoch }],
  }
}
