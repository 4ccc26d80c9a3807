import { readCib, readCibOnDisk } from '../cib/cib-text.ts'
import { BLANK, type ClusterMemory, parseMemory } from '../cib/memory.ts'
import { parsePairMemory } from '../cib/reign.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Session } from './session.ts'

/** What the cluster remembers, as the CIB answers now. Throws what readCib() and parseMemory() throw. */
export async function readMemory({ invocation, reign, deadline }: Session): Promise<ClusterMemory> {
  return parseMemory(invocation.resource, await readCib(deadline), reign)
}

/** The same as a replica sees it: of a pair, the reign of the other one. */
export async function readFollowed(session: Session): Promise<ClusterMemory> {
  const { invocation, parameters, node, deadline } = session
  if (parameters.topology === 'single-primary') return readMemory(session)
  return parsePairMemory(invocation.resource, node, await readCib(deadline)).others
}

/** What only notices must not hold up an action that can do without. */
const NOTICE_MS = 3000

/** The same from this node's copy of the CIB; blank where nothing can be had. */
export async function noticeMemory(session: Session): Promise<ClusterMemory> {
  const { invocation, reign } = session
  return (await noticeCib(session, cib => parseMemory(invocation.resource, cib, reign))) ?? BLANK
}

/** What this node's copy of the CIB says; undefined, with a warning, where none can be had or understood: that must not fail a server that may be healthy. */
export async function noticeCib<T>({ deadline, log }: Session, parse: (cib: string) => T): Promise<T | undefined> {
  try {
    return parse((await readCibOnDisk()) ?? (await readCib(deadline.within(NOTICE_MS))))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warning(error.message)
    return undefined
  }
}
