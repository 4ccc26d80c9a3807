import { ATTRIBUTES } from '../cib/attributes.ts'
import { deletePermanentAttribute } from '../cib/node-attribute.ts'
import { cutTail } from '../lib/mysql/cut-tail.ts'
import { committedBehindCut, committedTo } from '../lib/mysql/engine-position.ts'
import { launchServer } from '../lib/mysql/launch-server.ts'
import type { Coordinates } from '../lib/mysql/server-facts.ts'
import { awaitExit, findServer, type ServerProcess, signalServer } from '../lib/mysql/server-process.ts'
import type { TailCut } from '../lib/mysql/tail.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { limitCopies, newCopy } from '../lib/system/kept-copies.ts'
import { launchSeed } from './apply-seeds.ts'
import { quarantine, quarantineText } from './apply-to-cluster.ts'
import { startWorkerOnceFree } from './apply-worker.ts'
import { findBinary } from './find-binary.ts'
import { logPlace, readErrorLog } from './log-place.ts'
import { observeInstance } from './observe-instance.ts'
import { readMemory } from './observe-memory.ts'
import type { ProcessStep } from './plan.ts'
import type { Session } from './session.ts'
import { uncheckedCut } from './unchecked-cut.ts'

/** Perform a step on mysqld's process and files. */
export function applyToProcess(step: ProcessStep, session: Session): Promise<void> {
  switch (step.do) {
    case 'cut-tail':
      return cut(step.cut, session)
    case 'check-cut':
      return checkCut(step.cut, session)
    case 'launch-server':
      return launch(session)
    case 'await-server':
      return awaitServer(session)
    case 'stop-server':
      return stopServer(step.how, session)
    case 'seed':
      return launchSeed(session, step.because)
  }
}

async function cut(tail: TailCut, session: Session): Promise<void> {
  await quarantine(uncheckedCut(tail), session) // stays if the agent dies before the check
  const { resource } = session.invocation
  const directory = newCopy(resource)
  await cutTail(tail, await logPlace(session), directory)
  session.log.warning(`what was cut from ${tail.file} is kept in ${directory}`)
  await limitCopies(resource, line => session.log.warning(line))
}

/** End a quarantine that was for this reason; one for another reason stays. */
async function release(text: string, session: Session): Promise<void> {
  const { quarantines } = await readMemory(session)
  if (quarantines.get(session.node) !== text) return
  await deletePermanentAttribute(ATTRIBUTES.quarantine(session.invocation.resource), session.node, session.deadline)
}

/**
 * Has the engine forgotten what was cut? On MySQL the executed set shows it whenever it is compared. MariaDB takes its GTIDs
 * from the log alone: what its engine had committed stays in the tables, and nothing but a line in its error log shows it.
 */
async function checkCut(cut: Coordinates, session: Session): Promise<void> {
  const { flavour } = await session.talk()
  const committed = flavour.commitsShowInGtids ? undefined : committedTo(await readErrorLog(session))
  const isProven = flavour.commitsShowInGtids || (committed !== undefined && !committedBehindCut(cut, committed))
  if (isProven) return release(quarantineText(uncheckedCut(cut), session), session)
  await quarantine(`its engine may have committed what was cut from ${cut.file}`, session)
}

/** The share of the time that a shutdown may take before the server is killed. */
const SHUTDOWN_SHARE = 0.7
/** A killed process of any size is gone by then; one that is not hangs in the kernel. */
const KILL_MS = 20_000

async function launch(session: Session): Promise<void> {
  const { datadir, socket, pid, log, user, group, config, additional_parameters: additional } = session.parameters
  const { serverLock } = session
  const life = new Date().toISOString()
  await serverLock.write(life)
  const process = await launchServer(
    {
      binary: await findBinary(session.parameters),
      config,
      dataDirectory: datadir,
      socket,
      pidFile: pid,
      errorLog: log,
      user,
      group,
      additional,
      lock: (await serverLock.read()) === life ? serverLock.path : undefined, // a full /run is no reason not to start
    },
    session.deadline,
  )
  await session.starting.write(process)
  await awaitServer(session)
}

/** Wait until the server answers. One that is still in crash recovery at the deadline keeps its mark and is left alone. */
async function awaitServer(session: Session): Promise<void> {
  const { pid, datadir } = session.parameters
  const settled = await session.deadline.poll(25, async () => {
    const running = await findServer({ pidFile: pid, dataDirectory: datadir })
    if (running === undefined) return 'ended' as const
    const instance = await observeInstance(session)
    const { state } = instance
    if (state === 'failed') throw new Failure('rejected', instance.because) // it answers, but not to this account
    return state === 'promoted' || state === 'unpromoted' || state === 'crowded' ? ('answers' as const) : undefined
  })
  if (settled === 'answers') return awaitDeath(session)
  if (settled === 'ended') throw new Failure('rejected', 'mysqld ended while starting: see its error log')
  throw new Failure('timed-out', 'mysqld has not answered within the timeout of start; crash recovery goes on')
}

/** Have Pacemaker told of the server's death when it dies, and not when a monitor next looks. */
async function awaitDeath(session: Session): Promise<void> {
  const { serverLock, invocation, node, parameters } = session
  const life = await serverLock.read()
  if (life === undefined) return
  const place = ['--datadir', parameters.datadir, '--pid-file', parameters.pid]
  const words = ['report-death', '--resource', invocation.resource, '--node', node, '--life', life, ...place]
  await startWorkerOnceFree(serverLock.path, words, session)
}

async function stopServer(how: 'shutdown' | 'kill', session: Session): Promise<void> {
  const { pid, datadir } = session.parameters
  session.hangUp()
  await session.serverLock.remove()
  const process = await findServer({ pidFile: pid, dataDirectory: datadir })
  if (process === undefined) return
  if (how === 'shutdown' && (await shutDown(process, session.deadline))) return session.starting.remove()

  session.log.warning(`killing mysqld (pid ${process.pid})`)
  await signalServer(process, 'SIGKILL')
  if (!(await awaitExit(process, session.deadline.within(KILL_MS)))) {
    throw new Failure('timed-out', `mysqld (pid ${process.pid}) does not die of SIGKILL: it hangs in the kernel`)
  }
  await session.starting.remove()
}

async function shutDown(process: ServerProcess, deadline: Deadline): Promise<boolean> {
  await signalServer(process, 'SIGTERM')
  const left = deadline.remainingMs
  return awaitExit(process, deadline.within(Math.min(left * SHUTDOWN_SHARE, Math.max(left - KILL_MS, left / 2))))
}
