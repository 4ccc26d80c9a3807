import { readHeartbeatAge } from '../lib/mysql/heartbeat.ts'
import { readServer } from '../lib/mysql/read-server.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Session } from './session.ts'

/** A table that somebody has locked must not make a healthy server look like one that hangs. */
const HEARTBEAT_MS = 1000

/**
 * Read the server of this node. Where heartbeats are written, a replica is as far behind as its newest one is old: that
 * tells what the server cannot know, that the receiver itself is behind.
 */
export async function observeServer(session: Session, deadline: Deadline): Promise<ServerFacts> {
  const { connection, flavour } = await session.talk(deadline)
  const facts = await readServer(connection, flavour, deadline)
  const { replication } = facts
  const { heartbeat_table: table } = session.parameters
  if (table === undefined || replication?.lagSeconds === undefined) return facts
  try {
    const lagSeconds = await readHeartbeatAge(connection, table, deadline.within(HEARTBEAT_MS))
    return lagSeconds === undefined ? facts : { ...facts, replication: { ...replication, lagSeconds } }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(`heartbeat_table tells nothing, so the server's own word counts: ${error.message}`)
    return facts
  }
}
