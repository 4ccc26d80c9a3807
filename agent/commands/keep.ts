import { ATTRIBUTES } from '../../cib/attributes.ts'
import { deletePermanentAttribute } from '../../cib/node-attribute.ts'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { compare, type GtidSet, isEmpty, subtract } from '../../lib/mysql/gtid-set.ts'
import { formatGtidSet, parseGtidSet } from '../../lib/mysql/gtid-text.ts'
import { replaceHistory } from '../../lib/mysql/history.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { readReplicaStatus } from '../../lib/mysql/replica-status.ts'
import { forgetSource, stopReceiver } from '../../lib/mysql/replication.ts'
import { Failure } from '../../lib/system/failure.ts'
import { remedyOn } from '../divergence.ts'
import type { Session } from '../session.ts'
import { type OwnTransactions, readOwnTransactions } from './own-transactions.ts'
import { PendingHistory } from './pending-history.ts'
import type { RejoinReport } from './rejoin.ts'

interface Keeping {
  /** Where it notes what has to be finished. */
  readonly home: string
  /** Make a copy of what only the node holds; answers where it is. */
  readonly copy: (own: OwnTransactions) => Promise<string | undefined>
}

/**
 * Let a node in quarantine follow with its data as they are: its server forgets that it executed what the source lacks, and its
 * binary logs, and the quarantine ends. The rows stay on this node alone. Cut short, it is finished by doing it again: until
 * its last step the node stays in quarantine.
 */
export async function keep(seen: OwnTransactions, session: Session, { home, copy }: Keeping): Promise<RejoinReport> {
  const because = whyNot(seen, session)
  if (because !== undefined) return { done: false, sentence: because }
  const pending = new PendingHistory(session.invocation.resource, home)
  const interrupted = await pending.read()
  await settle(session)
  const own = await readOwnTransactions(session)
  if ('refusal' in own) return { done: false, sentence: own.refusal }
  if (isEmpty(own.set) && interrupted === undefined) {
    await release(session)
    return { done: true, sentence: `${own.node} leaves its quarantine: its GTIDs show nothing that the source lacks` }
  }
  const kept = await copy(own)
  const history = await historyOf(own, interrupted, session)
  await pending.write(formatGtidSet(own.flavour, history))
  await giveHistory(history, session)
  await release(session)
  await pending.remove()
  return { done: true, sentence: consequences(own, history, kept) }
}

async function release({ invocation, node, deadline, log }: Session): Promise<void> {
  await deletePermanentAttribute(ATTRIBUTES.quarantine(invocation.resource), node, deadline)
  log.warning(`the quarantine of ${node} has ended by heir rejoin --keep`)
}

function whyNot({ node, source, quarantine, instance }: OwnTransactions, { parameters }: Session): string | undefined {
  if (quarantine === undefined) return `${node} is not in quarantine: there is nothing to let stand`
  if (instance.state !== 'unpromoted') return `mysqld on ${node} does not run: start it, and ${remedyOn(node)} again`
  if (!source.writable) return `${source.node} does not take writes: wait until the cluster has its source`
  if (parameters.gtid === 'off' || !instance.facts.gtid)
    return `${node} replicates without GTIDs, so nothing shows where it would go on: run "heir seed --discard" on it`
  if (parameters.on_diverged === 'reseed')
    return 'on_diverged=reseed has the data of this node rebuilt: set it to quarantine first'
  return undefined
}

/**
 * End replication: the history has to stand still. What was received and not applied is fetched again from the source; it is
 * applied before only where the source lacks it. Often it cannot be: MariaDB's applier stops behind a transaction of the server's own.
 */
async function settle(session: Session): Promise<void> {
  const { deadline } = session
  const { connection, flavour } = await session.talk()
  if ((await readReplicaStatus(connection, flavour, deadline)) === undefined) return
  await stopReceiver(connection, flavour, deadline)
  const own = await readOwnTransactions(session)
  if ('refusal' in own) throw new Failure('rejected', own.refusal)
  const executed = await readExecuted(connection, flavour, deadline)
  if (!isEmpty(subtract(own.set, executed))) await drainRelayLog(connection, flavour, deadline)
  await forgetSource(connection, flavour, deadline)
}

/** What this server has in common with the source; where it was interrupted without any history, what it was to get. */
async function historyOf({ source }: OwnTransactions, interrupted: string | undefined, session: Session) {
  const { connection, flavour } = await session.talk()
  const executed = await readExecuted(connection, flavour, session.deadline)
  if (isEmpty(executed) && interrupted !== undefined) return parseGtidSet(flavour.name, interrupted)
  return subtract(executed, subtract(executed, source.executed))
}

async function giveHistory(history: GtidSet, session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  await replaceHistory(connection, flavour, history, session.deadline)
  const executed = await readExecuted(connection, flavour, session.deadline)
  if (compare(executed, history) === 'equal') return
  throw new Failure(
    'rejected',
    `the history of ${session.node} is not what it was set to: ${remedyOn(session.node)} again`,
  )
}

function consequences({ node, source, set, flavour }: OwnTransactions, history: GtidSet, kept: string | undefined) {
  const rows = `The rows of ${formatGtidSet(flavour, set)} stay on ${node} alone: no other node has or gets them.`
  return [
    `${node} leaves its quarantine, and follows ${source.node} at its next monitor, from ${formatGtidSet(flavour, history)} on.`,
    ...(isEmpty(set) ? [] : [rows]),
    `Readers of ${node} see them, and everybody does once ${node} is the source.`,
    `A change of the same rows on ${source.node} may stop the applier of ${node}.`,
    `Compare the tables of both and even them out, or run "heir seed --discard" on ${node} to be rid of the difference.`,
    `The binary logs of ${node} are gone${kept === undefined ? '' : `; what only it holds is kept in ${kept}`}.`,
  ].join('\n')
}
