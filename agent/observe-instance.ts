import { readServer } from '../lib/mysql/read-server.ts'
import { findServer, type ServerProcess } from '../lib/mysql/server-process.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Session } from './session.ts'
import type { Instance } from './situation.ts'

/** How often a server that does not answer is asked before it counts as failed. */
const ATTEMPTS = 2

/** Read mysqld on this node: whether it runs, answers, and takes writes. */
export async function observeInstance(session: Session): Promise<Instance> {
  const process = await findServer({ pidFile: session.parameters.pid, dataDirectory: session.parameters.datadir })
  const instance = await ask(session, process)
  if (instance.state === 'promoted' || instance.state === 'unpromoted') await session.starting.remove()
  return instance
}

/** Ask it over its socket. A server that answers there without being ours is not "stopped" either. */
async function ask(session: Session, process: ServerProcess | undefined): Promise<Instance> {
  const share = session.deadline.remainingMs / (ATTEMPTS + 1)
  for (let attempt = 1; ; attempt++) {
    const deadline = session.deadline.within(share)
    try {
      const { connection, flavour } = await session.talk(deadline)
      const facts = await readServer(connection, flavour, deadline)
      if (process === undefined) {
        const { socket, datadir } = session.parameters
        return {
          state: 'failed',
          because: `a server answers on ${socket} that does not run on ${datadir}: correct socket or datadir`,
        }
      }
      return { state: facts.writable ? 'promoted' : 'unpromoted', facts }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      session.hangUp()
      if (error.kind === 'timed-out' && attempt < ATTEMPTS) continue
      return withoutAnswer(session, process, error)
    }
  }
}

async function withoutAnswer(
  session: Session,
  process: ServerProcess | undefined,
  failure: Failure,
): Promise<Instance> {
  if (process === undefined) {
    return failure.kind === 'unreachable' ? { state: 'stopped' } : { state: 'failed', because: failure.message }
  }
  if (failure.kind === 'crowded') return { state: 'crowded', lastSeen: await lastSeen(session, process) }
  const starting = await session.starting.read()
  if (isSame(starting, process)) return { state: 'starting' }
  return { state: 'failed', because: failure.message }
}

/** The role that this same process had when its state was published. */
async function lastSeen(session: Session, process: ServerProcess): Promise<'promoted' | 'unpromoted' | undefined> {
  const published = await session.published.read()
  return isSame(published?.process, process) ? published?.role : undefined
}

const isSame = (a: ServerProcess | undefined, b: ServerProcess) => a?.pid === b.pid && a.startTime === b.startTime
