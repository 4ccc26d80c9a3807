import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { deletePropertyIf } from '../../cib/amendment.ts'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { writeProperty } from '../../cib/cluster.ts'
import { formatSeedRequest, type SentMethod } from '../../cib/seed-request.ts'
import { channelKey, listen } from '../../lib/seed/channel.ts'
import { clone } from '../../lib/seed/clone.ts'
import { fetchBackup, fetchDump, helperSocket } from '../../lib/seed/fetch.ts'
import type { HelperOptions } from '../../lib/seed/helper-server.ts'
import type { Report } from '../../lib/seed/progress.ts'
import type { Staging } from '../../lib/seed/staging.ts'
import { TOOLS } from '../../lib/seed/tools.ts'
import { conduit } from '../../lib/system/command.ts'
import { Failure } from '../../lib/system/failure.ts'
import { replicationTls } from '../observe-source.ts'
import type { SeedMethod } from '../seed-fit.ts'
import type { Session } from '../session.ts'
import type { Surveyed } from './seed-survey.ts'

/** From whom, how, and at which port this node waits for it; 0 for any that is free. */
export interface TransferOrder {
  readonly donor: string
  readonly method: SeedMethod
  readonly port: number
  /** Where to fetch it by ssh instead. */
  readonly ssh: string | undefined
  readonly report: Report
}

/** A donor hears of it with the next monitor of its instance. */
const CALL_MS = 90_000

/** Bring the donor's data into the staging directory, whole and as of one moment. Throws Failure with what went wrong. */
export async function transfer(
  session: Session,
  surveyed: Surveyed,
  order: TransferOrder,
  staging: Staging,
): Promise<void> {
  const { deadline } = session
  const { report, method } = order
  if (method === 'clone') return copyByClone(session, surveyed, order, staging)
  const tools = TOOLS[surveyed.survey.kind.flavour]
  const receive = async (channel: Readable) => {
    if (method === 'backup') return fetchBackup({ channel, tools, report }, staging, deadline)
    const helper = helperOf(session, surveyed, order.donor, staging, staging.data)
    return fetchDump({ channel, tools, report }, helper, staging, deadline)
  }
  if (order.ssh !== undefined) return receiveBySsh(session, order.ssh, method, receive)
  const channel = await awaitDonor(session, { ...order, method })
  try {
    return await receive(channel)
  } finally {
    channel.destroy()
  }
}

async function copyByClone(session: Session, surveyed: Surveyed, { donor, report }: TransferOrder, staging: Staging) {
  const { parameters, deadline } = session
  const target = {
    host: donor,
    port: parameters.replication_port,
    account: await session.replicationAccount(),
    tls: replicationTls(parameters),
  }
  const helper = helperOf(session, surveyed, donor, staging, staging.helper)
  const libraries = surveyed.traits.get(donor)?.libraries ?? []
  await clone({ helper, donor: target, libraries, directory: staging.data, report }, deadline)
}

/** Run the donor's side there. The words go through a shell there: names of resources and methods mean nothing to it. */
async function receiveBySsh(
  { invocation }: Session,
  destination: string,
  method: SentMethod,
  receive: (channel: Readable) => Promise<void>,
): Promise<void> {
  const words = ['heir', 'donate', '--resource', invocation.resource, '--method', method]
  const ssh = await conduit('ssh', ['-o', 'BatchMode=yes', '--', destination, ...words])
  try {
    await receive(ssh.output)
  } catch (error) {
    ssh.kill()
    const { complaint } = await ssh.ended
    if (!(error instanceof Failure && error.kind === 'unreachable') || complaint === '') throw error
    throw new Failure('unreachable', `ssh ${destination}: ${complaint.split('\n').at(-1)}`, { cause: error })
  } finally {
    ssh.kill()
  }
}

/** Ask the donor's agent by way of the cluster, and wait until it calls. The request is gone when this ends. */
async function awaitDonor(
  session: Session,
  { donor, method, port }: TransferOrder & { readonly method: SentMethod },
): Promise<TLSSocket> {
  const { invocation, node, deadline } = session
  const { password } = await session.replicationAccount()
  if (!password)
    throw new Failure(
      'misconfigured',
      'the replication account has no password, so that nothing could protect the data on their way: give it one',
    )
  const nonce = randomBytes(16).toString('hex')
  const listener = await listen(port, await channelKey(password, nonce))
  const name = ATTRIBUTES.seedRequest(invocation.resource, node)
  const value = formatSeedRequest({ donor, method, host: node, port: listener.port, nonce })
  try {
    await writeProperty(name, value, deadline)
    return await listener.accept(deadline.within(CALL_MS))
  } catch (error) {
    if (!(error instanceof Failure && error.kind === 'timed-out')) throw error
    const because = `${donor} has not called ${node} at port ${listener.port} within ${CALL_MS / 1000} s`
    throw new Failure(
      'timed-out',
      `${because}: see its log, and whether a firewall or maintenance mode keeps it from that`,
    )
  } finally {
    listener.close()
    await deletePropertyIf({ name, value }, deadline)
  }
}

function helperOf(
  { parameters }: Session,
  { binary, survey, traits }: Surveyed,
  donor: string,
  staging: Staging,
  dataDirectory: string,
): HelperOptions {
  const { user, group } = parameters
  const { flavour, pageSize, systemTablespace } = survey.kind
  const { lowerCase } = traits.get(donor) ?? {}
  return {
    ...{ flavour, binary, install: TOOLS[flavour].install, user, group, dataDirectory, socket: helperSocket(staging) },
    layout: [
      `--innodb-page-size=${pageSize}`,
      `--innodb-data-file-path=${systemTablespace}`,
      `--lower-case-table-names=${lowerCase}`,
    ],
    options: [],
  }
}
