import { readClusterStatus } from '../../cib/cluster-status.ts'
import type { ClusterMemory } from '../../cib/memory.ts'
import { isAway } from '../../cib/source-record.ts'
import { binaryLogs } from '../../lib/mysql/binary-log-files.ts'
import { connect } from '../../lib/mysql/connection.ts'
import { detectFlavour } from '../../lib/mysql/flavour.ts'
import { gtidSet, union } from '../../lib/mysql/gtid-set.ts'
import { executedOffline } from '../../lib/mysql/offline.ts'
import { readIdentity, readWritten } from '../../lib/mysql/read-server.ts'
import { readServerHelp } from '../../lib/mysql/server-defaults.ts'
import { readMarker } from '../../lib/seed/marker.ts'
import { contentOf } from '../../lib/seed/replace-data.ts'
import {
  type DonorTraits,
  type InstalledServer,
  readDonorTraits,
  readInstalledServer,
} from '../../lib/seed/server-kind.ts'
import { Failure } from '../../lib/system/failure.ts'
import { findBinary } from '../find-binary.ts'
import { isFollowing } from '../follow.ts'
import { logPlace } from '../log-place.ts'
import { observeInstance } from '../observe-instance.ts'
import { readFollowed } from '../observe-memory.ts'
import { replicationTls } from '../observe-source.ts'
import type { Neighbour, Present, SeedSurvey } from '../seed-plan.ts'
import type { Session } from '../session.ts'
import type { Instance } from '../situation.ts'

/** What a seed is planned by, and what it is carried out with. */
export interface Surveyed {
  readonly survey: SeedSurvey
  readonly binary: string
  readonly installed: InstalledServer
  /** By node name, of those that answer. */
  readonly traits: ReadonlyMap<string, DonorTraits>
}

/** The longest that one of the other servers may take to say what it is. */
const ASK_MS = 5000

/** Look at this node and ask the others. Throws Failure where this node cannot be looked at. */
export async function surveySeed(session: Session): Promise<Surveyed> {
  const { parameters, invocation, node, deadline } = session
  const { datadir: dataDirectory, config, user, additional_parameters: additional } = parameters
  const binary = await findBinary(parameters)
  const [help, memory, status, instance] = await Promise.all([
    readServerHelp({ binary, config, dataDirectory, user, additional }, deadline),
    readFollowed(session),
    readClusterStatus(deadline),
    observeInstance(session),
  ])
  const installed = await readInstalledServer(binary, help, dataDirectory, deadline)
  const mine = status.filter(({ resource }) => resource === invocation.resource)
  const others = [...mine.filter(other => other.node !== node), ...acrossOf(memory, session)]
  const asked = await Promise.all(others.map(({ node, role }) => ask(session, memory, node, role)))
  const { version, machine, pageSize, systemTablespace, serverId, elsewhere } = installed
  const survey = {
    ...{ node, serverId, elsewhere, record: memory.record },
    kind: { flavour: installed.isMariadb ? 'mariadb' : 'mysql', version, machine, pageSize, systemTablespace },
    present: await look(session, instance),
    promoted: instance.state === 'promoted' || mine.some(own => own.node === node && own.role === 'Promoted'),
    inStep: isInStep(instance, memory, node),
    neighbours: asked.map(({ neighbour }) => neighbour),
  } as const
  return { survey, binary, installed, traits: new Map(asked.flatMap(({ traits }) => (traits ? [traits] : []))) }
}

/** The source of another site, where the record names it: it is asked like a node. */
function acrossOf({ record }: ClusterMemory, { parameters }: Session) {
  if (record === undefined || !isAway(record) || record.port !== parameters.replication_port) return []
  return [{ node: record.host, role: 'Promoted' }]
}

interface Asked {
  readonly neighbour: Neighbour
  readonly traits?: readonly [string, DonorTraits]
}

async function ask(session: Session, memory: ClusterMemory, node: string, role: string): Promise<Asked> {
  const known = { node, isSource: role === 'Promoted', quarantine: memory.quarantines.get(node) }
  const deadline = session.deadline.within(ASK_MS)
  try {
    const target = { host: node, port: session.parameters.replication_port, tls: replicationTls(session.parameters) }
    const connection = await connect(target, await session.replicationAccount(), deadline)
    try {
      const flavour = await detectFlavour(connection, deadline)
      const traits = await readDonorTraits(connection, flavour, deadline)
      const executed = await readWritten(connection, flavour, deadline)
      const { serverId, serverUuid, writable, gtid } = await readIdentity(connection, flavour, deadline)
      const kind = { ...traits, flavour: flavour.name, version: flavour.version, gtid }
      const view = { answers: true, kind, serverId, serverUuid, writable, executed } as const
      return { neighbour: { ...known, view }, traits: [node, traits] }
    } finally {
      connection.close()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { neighbour: { ...known, view: { answers: false, because: error.message } } }
  }
}

/** What stands in the data directory. */
async function look(session: Session, instance: Instance): Promise<Present> {
  const { datadir } = session.parameters
  const marker = await readMarker(datadir)
  if (marker !== undefined) return { what: 'seed', ...marker }
  if ('facts' in instance) {
    const { executed, replication } = instance.facts
    return { what: 'data', held: replication ? union(executed, replication.received) : executed }
  }
  if (instance.state !== 'stopped') return { what: 'unknown', because: 'its server runs and does not answer' }
  if ((await contentOf(datadir)).length === 0) return { what: 'nothing' }
  try {
    const last = binaryLogs(await logPlace(session), session.deadline).at(-1)
    return { what: 'data', held: last === undefined ? gtidSet([]) : executedOffline(last) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { what: 'unknown', because: error.message }
  }
}

function isInStep(instance: Instance, { record, quarantines }: ClusterMemory, node: string): boolean {
  if (!('facts' in instance) || record === undefined || quarantines.has(node)) return false
  return isFollowing(instance.facts, record) && instance.facts.replication?.receiver === 'running'
}
