import { type ExitCode, OCF } from '../exit-code.ts'
import { fitness } from '../fitness.ts'
import { follow } from '../follow.ts'
import { type Plan, proceed, refuse } from '../plan.ts'
import type { Instance, InstanceState, Situation } from '../situation.ts'

type Serving = Extract<Instance, { facts: unknown }>

/**
 * Say what is. Two things are mended on the way: a server that takes writes while the cluster names another source closes
 * itself, and a replica that follows nobody, or somebody else, follows the source (its post-promote may have been lost).
 */
export const MONITOR: { readonly [State in InstanceState]: (situation: Situation) => Plan } = {
  stopped: () => refuse('mysqld is not running', OCF.NOT_RUNNING),
  starting: () => refuse('mysqld is still starting; crash recovery may take its time'),
  foreign: situation => refuse(sentenceOf(situation.instance)),
  failed: situation => refuse(sentenceOf(situation.instance), failure(situation)),
  crowded: ({ instance }) => crowded(instance),
  unpromoted: unpromoted,
  promoted: promoted,
}

function promoted(situation: Situation): Plan {
  const { node, record } = situation
  if (record && record.node !== node) {
    const because = `mysqld takes writes, but ${record.node} is the source since epoch ${record.epoch}`
    return refuse(because, OCF.FAILED_PROMOTED, [{ do: 'close-writes' }, { do: 'disarm-source' }])
  }
  const { because, degraded } = fitness(situation)
  return proceed(because, [], degraded ? OCF.DEGRADED_PROMOTED : OCF.RUNNING_PROMOTED)
}

function unpromoted(situation: Situation): Plan {
  const { instance, record, node, frozen, source } = situation
  const { because, degraded } = fitness(situation)
  const exit = degraded ? OCF.DEGRADED : OCF.SUCCESS
  const strays = record && record.node !== node && !frozen && source?.answers
  if (!strays || !isServing(instance) || hasComplaint(instance)) return proceed(because, [], exit)

  const mend = follow(situation, instance.facts, record)
  return mend.steps.length > 0 ? { ...mend, next: OCF.SUCCESS, otherwise: [] } : proceed(mend.because, [], exit)
}

/** Alive is not dead: with the connections used up, the role is the one that this same process had before. */
function crowded(instance: Instance): Plan {
  const lastSeen = instance.state === 'crowded' ? instance.lastSeen : undefined
  const because = 'mysqld has no connection left for its monitor: raise max_connections'
  if (lastSeen === undefined) return refuse(because)
  return proceed(because, [], lastSeen === 'promoted' ? OCF.DEGRADED_PROMOTED : OCF.DEGRADED)
}

function failure({ node, record }: Situation): ExitCode {
  return record?.node === node ? OCF.FAILED_PROMOTED : OCF.ERR_GENERIC
}

/** An error that replication stopped with stays when it is started again; the operator must see it. */
const hasComplaint = ({ facts: { replication } }: Serving) =>
  replication?.applierError !== undefined ||
  (replication?.receiver === 'stopped' && replication.receiverError !== undefined)

const isServing = (instance: Instance): instance is Serving => 'facts' in instance
const sentenceOf = (instance: Instance) => ('because' in instance ? instance.because : instance.state)
