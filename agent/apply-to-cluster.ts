import { ATTRIBUTES } from '../cib/attributes.ts'
import { isQuorate, readProperty, writeProperty } from '../cib/cluster.ts'
import { formatHoldings } from '../cib/holdings.ts'
import { deleteNodeAttribute, writeNodeAttribute } from '../cib/node-attribute.ts'
import { formatSourceRecord, parseSourceRecord } from '../cib/source-record.ts'
import { readServer } from '../lib/mysql/read-server.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { Failure } from '../lib/system/failure.ts'
import { holds } from './actions/promote.ts'
import type { ClusterStep } from './plan.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** Perform a step on the cluster's memory. */
export function applyToCluster(step: ClusterStep, situation: Situation, session: Session): Promise<void> {
  switch (step.do) {
    case 'publish-source':
      return publishSource(step.epoch, situation, session)
    case 'publish-holdings':
      return publishHoldings(step.epoch, situation, session)
    case 'retract-holdings':
      return deleteNodeAttribute(ATTRIBUTES.holdings(session.invocation.resource), session.node, session.deadline)
  }
}

/** Write this instance into the cluster as its source, as it stands now: drained, and closed for writes. */
async function publishSource(epoch: number, situation: Situation, session: Session): Promise<void> {
  const { invocation, deadline, node, parameters } = session
  const name = ATTRIBUTES.sourceRecord(invocation.resource)
  const [facts, quorate, known] = await Promise.all([
    readFacts(session),
    isQuorate(deadline),
    readProperty(name, deadline),
  ])
  if (!quorate) throw new Failure('rejected', `${node} has lost its quorum during the promotion`)
  if (known !== undefined && parseSourceRecord(known).epoch >= epoch) {
    throw new Failure('rejected', `the cluster has made another source in the meantime: ${known}`)
  }
  const record = {
    epoch,
    node,
    host: node,
    port: parameters.replication_port,
    server: facts.serverUuid ?? String(facts.serverId),
    binaryLog: binaryLogOf(facts, node),
    gtid: facts.gtidPosition,
    previous: previousPlace(situation),
  }
  await writeProperty(name, formatSourceRecord(record), deadline)
}

/** Where this instance stood in the log of the source before it; with GTIDs nobody needs to know. */
function previousPlace({ byGtid, instance }: Situation) {
  if (byGtid || !('facts' in instance)) return undefined
  return instance.facts.replication?.readTo ?? instance.facts.binaryLog
}

/** Say what this instance holds. Read anew: its receiver was stopped by the step before. */
async function publishHoldings(epoch: number, situation: Situation, session: Session): Promise<void> {
  const held = holds(situation, await readFacts(session))
  if (!held) return
  const attribute = {
    name: ATTRIBUTES.holdings(session.invocation.resource),
    node: session.node,
    value: formatHoldings({ epoch, held }),
    home: 'private',
  } as const
  await writeNodeAttribute(attribute, session.deadline)
}

async function readFacts(session: Session): Promise<ServerFacts> {
  const { connection, flavour } = await session.talk()
  return readServer(connection, flavour, session.deadline)
}

function binaryLogOf({ binaryLog }: ServerFacts, node: string) {
  if (binaryLog) return binaryLog
  throw new Failure('misconfigured', `mysqld on ${node} writes no binary log: set log_bin in its configuration`)
}
