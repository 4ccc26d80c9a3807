import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { HOME, limitCopies, makeCopyDirectory } from '../../lib/system/kept-copies.ts'
import type { Session } from '../session.ts'
import { openSession } from './command-session.ts'
import { keep } from './keep.ts'
import { type OwnTransactions, readOwnTransactions } from './own-transactions.ts'
import { describeOwn, writeOwn } from './show-own.ts'
import type { Surroundings } from './surroundings.ts'

/** What is to become of the transactions that only this node holds; without a wish they are shown. */
export interface RejoinRequest {
  readonly save: string | undefined
  readonly discard: boolean
  readonly keep: boolean
  readonly resource: string | undefined
  readonly timeoutMs: number
}

/** What it works with. */
export interface RejoinMeans {
  /** Where it keeps copies. */
  readonly home: string
  /** Gives the node of the session the data of the cluster. */
  readonly rebuild: (session: Session, surroundings: Surroundings) => Promise<RejoinReport>
}

interface Discarding extends Pick<RejoinMeans, 'home'> {
  readonly rebuild: () => Promise<RejoinReport>
}

/** What a command did, for the one who gave it. */
export interface RejoinReport {
  readonly done: boolean
  readonly sentence: string
}

/** Show what only this node holds; save it, give it up, or let it stand. Without a wish nothing is changed. */
export async function rejoin(
  request: RejoinRequest,
  surroundings: Surroundings,
  { home, rebuild }: RejoinMeans = { home: HOME, rebuild: seedAnew },
): Promise<RejoinReport> {
  if (request.discard && request.keep) return refuse('--discard and --keep contradict each other: choose one')
  const opened = await openSession(request.resource, request.timeoutMs, surroundings.openLog)
  if ('refusal' in opened) return refuse(opened.refusal)
  const { session } = opened
  try {
    const own = await readOwnTransactions(session)
    if ('refusal' in own) return refuse(own.refusal)
    if (request.save !== undefined) await save(own, resolve(request.save), session.deadline)
    if (request.keep) return await keep(own, session, { home, copy: seen => keepCopy(seen, session, home) })
    if (request.discard) return await discard(own, session, { home, rebuild: () => rebuild(session, surroundings) })
    if (request.save !== undefined) return { done: true, sentence: `saved in ${resolve(request.save)}` }
    return { done: true, sentence: `${await describeOwn(own, session.deadline)}\n${wayOn(own)}` }
  } finally {
    session.hangUp()
  }
}

const refuse = (sentence: string): RejoinReport => ({ done: false, sentence })

/** The file is new, and nobody but root ever reads it. */
async function save(own: OwnTransactions, file: string, deadline: Deadline): Promise<void> {
  try {
    await using handle = await open(file, 'wx', 0o600)
    await handle.sync()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const problem = code === 'EEXIST' ? 'exists' : `cannot be written: ${code}`
    throw new Failure('rejected', `${file} ${problem}: choose another name`, { cause })
  }
  await writeOwn(own, file, deadline)
  await using handle = await open(file, 'r+')
  await handle.sync()
}

/** Before anything is given up: a copy beside those of what was cut. Answers the directory; undefined where there is nothing. */
async function keepCopy(own: OwnTransactions, session: Session, home: string): Promise<string | undefined> {
  const { resource } = session.invocation
  if (own.found.length === 0) return undefined
  const directory = await makeCopyDirectory(resource, home)
  await save(own, join(directory, 'transactions.sql'), session.deadline)
  await limitCopies(resource, line => session.log.warning(line), home)
  return directory
}

/** All that a running server shows is committed in its engine, so there is nothing to cut: the data are rebuilt. */
async function discard(own: OwnTransactions, session: Session, { home, rebuild }: Discarding): Promise<RejoinReport> {
  const { node } = own
  if (own.quarantine === undefined) return refuse(`${node} is not in quarantine: there is nothing to give up`)
  const copy = await keepCopy(own, session, home)
  const { done, sentence } = await rebuild()
  return { done, sentence: copy === undefined ? sentence : `${sentence}\nwhat only ${node} held is kept in ${copy}` }
}

/** As "heir seed --discard" does; loaded only for this. */
async function seedAnew(session: Session, surroundings: Surroundings): Promise<RejoinReport> {
  const { seed } = await import('./seed.ts')
  session.hangUp() // the server is about to be stopped
  const { resource } = session.invocation
  return seed({ resource, discard: true, clearFirst: false, port: 0, automatic: false, watched: false }, surroundings)
}

function wayOn({ node, source, quarantine }: OwnTransactions): string {
  if (quarantine === undefined) return `Nothing has to be decided about ${node}.`
  return [
    `What can be done on ${node}:`,
    '  heir rejoin --save FILE   writes it down, as statements that a server can execute, with the rows as comments',
    `  heir rejoin --discard     gives it up: the data of ${node} are replaced by those of the cluster`,
    `  heir rejoin --keep        lets it stand: ${node} follows ${source.node} with rows that no other node has or gets`,
  ].join('\n')
}
