import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { deletePropertyIf } from '../../cib/amendment.ts'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { formatSeedRequest, type SeedRequest, type SentMethod } from '../../cib/seed-request.ts'
import { type LocalLogin, startBackup } from '../../lib/seed/backup.ts'
import { call, channelKey, hangUp } from '../../lib/seed/channel.ts'
import { usedBytes } from '../../lib/seed/disk-space.ts'
import { startDump } from '../../lib/seed/dump.ts'
import { TOOLS } from '../../lib/seed/tools.ts'
import { type Offer, sendOutput, sendRefusal } from '../../lib/seed/transfer.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { readMemory } from '../observe-memory.ts'
import type { Session } from '../session.ts'
import { openSession } from './command-session.ts'
import type { PromotionReport } from './promotion.ts'
import type { Surroundings } from './surroundings.ts'

const WHOLE_MS = 7 * 24 * 3600_000
const CALL_MS = 20_000
const ASK_MS = 10_000
/** As long as the other end may take to read what is on its way. */
const LAST_WORD_MS = 60_000

/** Whose data, and where to: to a node that has asked the cluster for them, or to standard output in this way. */
export interface Donation {
  readonly resource: string
  readonly to?: string | undefined
  readonly method?: SentMethod | undefined
}

/**
 * Send this node's data to another one. The agent starts this where it sees a request: the two nodes need no access to each
 * other but this one connection, and no monitor waits for it.
 */
export async function donate({ resource, to, method }: Donation, around: Surroundings): Promise<PromotionReport> {
  const opened = await openSession(resource, WHOLE_MS, around.openLog)
  if ('refusal' in opened) return { done: false, sentence: opened.refusal }
  const { session } = opened
  try {
    if (method !== undefined) {
      await send(session, method, around.output)
      return { done: true, sentence: '' }
    }
    const request = to === undefined ? undefined : (await readMemory(session)).seedRequests.get(to)
    if (to === undefined || request?.donor !== session.node)
      return { done: false, sentence: `${to ?? 'nobody'} does not wait for data of ${session.node}` }
    return await sendTo(session, request, to)
  } finally {
    session.hangUp()
  }
}

async function sendTo(session: Session, request: SeedRequest, to: string): Promise<PromotionReport> {
  const channel = await answer(session, request, to)
  session.log.info(`donate: sending the data of ${session.node} to ${to} by ${request.method}`)
  try {
    await send(session, request.method, channel)
  } finally {
    await hangUp(channel, Deadline.in(LAST_WORD_MS))
  }
  session.log.info(`donate: ${to} has been sent everything`)
  return { done: true, sentence: `${to} has been sent everything` }
}

/** Call the one that waits. One that was lost while it waited leaves its request behind: that is void now. */
async function answer(session: Session, request: SeedRequest, to: string): Promise<TLSSocket> {
  const { password = '' } = await session.replicationAccount()
  const key = await channelKey(password, request.nonce)
  try {
    return await call(request.host, request.port, key, Deadline.in(CALL_MS))
  } catch (error) {
    const name = ATTRIBUTES.seedRequest(session.invocation.resource, to)
    await deletePropertyIf({ name, value: formatSeedRequest(request) }, session.deadline)
    throw error
  }
}

/** Whatever goes wrong, the one that waits is told why. */
async function send(session: Session, method: SentMethod, channel: Writable): Promise<void> {
  await mkdir(RUNTIME_DIRECTORY, { recursive: true, mode: 0o700 })
  const directory = await mkdtemp(join(RUNTIME_DIRECTORY, 'donate-'))
  try {
    const login = await localLogin(session, directory)
    const { flavour, offer } = await describe(session)
    await sendOutput(channel, offer, await startProgram(method, flavour, login))
  } catch (error) {
    if (!channel.destroyed) await sendRefusal(channel, error instanceof Failure ? error.message : 'see its log')
    throw error
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function describe(session: Session): Promise<{ readonly flavour: 'mysql' | 'mariadb'; readonly offer: Offer }> {
  const deadline = Deadline.in(ASK_MS)
  const { connection, flavour } = await session.talk(deadline)
  const [row] =
    flavour.name === 'mariadb' ? await connection.query('SELECT @@gtid_binlog_state AS state', deadline) : []
  const bytes = await usedBytes(session.parameters.datadir, name => LOGS.test(name))
  return { flavour: flavour.name, offer: { bytes, binaryLogState: row?.['state'] ?? '' } }
}

/** In memory, and for root alone. */
const RUNTIME_DIRECTORY = '/run/heir'

/** What no copy takes along: binary and relay logs by their numbers. */
const LOGS = /\.\d{6,}$/

const startProgram = (method: SentMethod, flavour: 'mysql' | 'mariadb', login: LocalLogin) =>
  method === 'backup' ? startBackup(TOOLS[flavour], login) : startDump(flavour, TOOLS[flavour], login)

/** The agent's own account, in a file for the programs that it starts, which goes with this process's work. */
async function localLogin(session: Session, directory: string): Promise<LocalLogin> {
  const { user, password } = await session.localAccount()
  const { config, socket } = session.parameters
  const optionFile = join(directory, 'options.cnf')
  const secret = password === undefined ? '' : `password = "${password.replaceAll(/["\\]/g, '\\$&')}"\n`
  const own = config === undefined ? '' : `!include ${config}\n`
  await writeFile(optionFile, `${own}[client]\nuser = ${user}\n${secret}`, { mode: 0o600 })
  return { optionFile, socket }
}
