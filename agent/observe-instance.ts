import { setTimeout as delay } from 'node:timers/promises'
import { findServer, type ServerProcess } from '../lib/mysql/server-process.ts'
import { Failure } from '../lib/system/failure.ts'
import { accepts } from '../lib/system/socket.ts'
import { observeServer } from './observe-server.ts'
import type { Session } from './session.ts'
import type { Instance } from './situation.ts'

/** How often a server that does not answer is asked before it counts as failed. */
const ATTEMPTS = 2
/** With all connections taken, the one that is kept for the administrator is free again in a moment. */
const CROWD_MS = 2000
const CROWD_PAUSE_MS = 100
/** The longest that one attempt may take: a server that takes longer serves nobody. */
const ATTEMPT_MS = 5000
/** One that was silent at the last look is asked once and for so long: its demotion and its stop need not wait as well. */
const AGAIN_MS = 1000

/** Read mysqld on this node: whether it runs, answers, and takes writes. */
export async function observeInstance(session: Session): Promise<Instance> {
  const { pid, datadir } = session.parameters
  const process = await findServer({ pidFile: pid, dataDirectory: datadir })
  const instance = process === undefined ? await withoutProcess(session) : await ask(session, process)
  if (instance.state === 'promoted' || instance.state === 'unpromoted') await session.starting.remove()
  return instance
}

/** Nothing runs on the data directory. No account is needed to see whether somebody else's server has the socket. */
async function withoutProcess({ parameters, deadline }: Session): Promise<Instance> {
  const { socket, datadir } = parameters
  if (!(await accepts(socket, deadline.within(ATTEMPT_MS)))) return { state: 'stopped' }
  return {
    state: 'foreign',
    because: `a server answers on ${socket} that does not run on ${datadir}: correct socket or datadir`,
  }
}

/** Ask it over its socket. */
async function ask(session: Session, process: ServerProcess): Promise<Instance> {
  const wasSilent = isSame(await session.silent.read(), process)
  const attempts = wasSilent ? 1 : ATTEMPTS
  const share = Math.min(session.deadline.remainingMs / (ATTEMPTS + 1), wasSilent ? AGAIN_MS : ATTEMPT_MS)
  const crowd = session.deadline.within(CROWD_MS)
  for (let attempt = 1; ; attempt++) {
    const deadline = session.deadline.within(share)
    try {
      const facts = await observeServer(session, deadline)
      if (wasSilent) await session.silent.remove()
      return { state: facts.writable ? 'promoted' : 'unpromoted', facts }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      session.hangUp()
      if (error.kind === 'timed-out' && attempt < attempts) continue
      if (error.kind === 'crowded' && !crowd.expired) {
        await delay(CROWD_PAUSE_MS)
        attempt--
        continue
      }
      return withoutAnswer(session, process, error)
    }
  }
}

async function withoutAnswer(session: Session, process: ServerProcess, failure: Failure): Promise<Instance> {
  if (failure.kind === 'crowded') return { state: 'crowded', lastSeen: await lastSeen(session, process) }
  if (failure.kind === 'timed-out') await session.silent.write(process)
  const starting = await session.starting.read()
  const mayYetAnswer = failure.kind !== 'denied' && failure.kind !== 'misconfigured'
  if (mayYetAnswer && isSame(starting, process)) return { state: 'starting' }
  return { state: 'failed', because: failure.message }
}

/** The role that this same process had when its state was published. */
async function lastSeen(session: Session, process: ServerProcess): Promise<'promoted' | 'unpromoted' | undefined> {
  const published = await session.published.read()
  return isSame(published?.process, process) ? published?.role : undefined
}

const isSame = (a: ServerProcess | undefined, b: ServerProcess) => a?.pid === b.pid && a.startTime === b.startTime
