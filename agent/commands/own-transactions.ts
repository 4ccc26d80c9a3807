import { binaryLogs } from '../../lib/mysql/binary-log-files.ts'
import { readHead } from '../../lib/mysql/binary-log-transactions.ts'
import { type FoundTransaction, findTransactions } from '../../lib/mysql/find-transactions.ts'
import { type GtidSet, subtract, union } from '../../lib/mysql/gtid-set.ts'
import { executedOffline } from '../../lib/mysql/offline.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { logPlace } from '../log-place.ts'
import { observeInstance } from '../observe-instance.ts'
import { readFollowed } from '../observe-memory.ts'
import { askSource } from '../observe-source.ts'
import type { Session } from '../session.ts'
import type { AnsweringInstance, Instance } from '../situation.ts'

/** What an instance that is not the source holds and the source lacks. */
export interface OwnTransactions {
  readonly node: string
  readonly source: AnsweringInstance & { readonly node: string }
  /** Why the node is in quarantine; undefined where it is not. */
  readonly quarantine: string | undefined
  readonly instance: Instance
  readonly flavour: FlavourName
  readonly set: GtidSet
  /** Those of them that stand in its binary logs. */
  readonly found: readonly FoundTransaction[]
}

/** Read it: own transactions first, then the source's. A stopped server's are read from its binary logs. */
export async function readOwnTransactions(session: Session): Promise<OwnTransactions | { readonly refusal: string }> {
  const { node, deadline } = session
  const [instance, { record, quarantines }] = await Promise.all([observeInstance(session), readFollowed(session)])
  if (record === undefined) return { refusal: 'the cluster has had no source yet, so there is nothing to compare with' }
  if (record.node === node) return { refusal: `${node} is the source: what it holds is what counts` }
  if (instance.state !== 'unpromoted' && instance.state !== 'stopped') {
    return { refusal: `mysqld on ${node} is ${instance.state}: see its exit reason in crm_mon` }
  }
  if ('facts' in instance && !instance.facts.gtid) {
    return { refusal: `without GTIDs nobody knows what only ${node} holds: run "heir seed --discard" on it` }
  }
  const logs = binaryLogs(await logPlace(session), deadline)
  const last = logs.at(-1)
  if (last === undefined) return { refusal: `mysqld on ${node} has no binary logs to look into` }
  const held = instance.state === 'stopped' ? executedOffline(last) : holdings(instance)
  const source = await askSource(session, record)
  if (!source.answers)
    return { refusal: `without ${record.node} nobody knows what only ${node} holds: ${source.because}` }

  const set = subtract(held, source.executed)
  const { flavour } = readHead(last.bytes)
  const found = findTransactions(logs, set)
  const quarantine = quarantines.get(node)
  return { node, source: { ...source, node: record.node }, quarantine, instance, flavour, set, found }
}

function holdings({ facts }: Extract<Instance, { state: 'unpromoted' }>): GtidSet {
  return facts.replication ? union(facts.executed, facts.replication.received) : facts.executed
}
