import { reignOf } from '../cib/reign.ts'
import { RuntimeFile } from '../cib/runtime-file.ts'
import { serverLock } from '../cib/server-lock.ts'
import { type Account, type Connection, connect } from '../lib/mysql/connection.ts'
import { detectFlavour, type Flavour } from '../lib/mysql/flavour.ts'
import { readAccount } from '../lib/mysql/option-file.ts'
import type { ServerProcess } from '../lib/mysql/server-process.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { HOME } from '../lib/system/kept-copies.ts'
import type { Log } from '../lib/system/log.ts'
import type { CommitLook } from './commit-look.ts'
import type { Patience } from './failback.ts'
import type { Invocation } from './invocation.ts'
import type { Parameters } from './parameters.ts'

/** A connection and how to talk over it. */
export interface Talk {
  readonly connection: Connection
  readonly flavour: Flavour
}

/** What was published last, and by which process: spares monitor the processes that would publish the same again. */
export interface Published {
  readonly process: ServerProcess | undefined
  readonly role: 'promoted' | 'unpromoted' | undefined
  readonly score: number | string | undefined
  readonly readable: boolean
  readonly complaint: string | undefined
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A lag that readers do not put up with, or that nobody knows. */
interface LagNote {
  readonly trailing: boolean
  /** Milliseconds since the epoch; absent where it was known. */
  readonly unknownSince: number | undefined
}

/** One run of the agent: what it was called with, and the connection to mysqld that its parts share. */
export class Session {
  readonly invocation: Invocation
  readonly parameters: Parameters
  readonly node: string
  readonly deadline: Deadline
  readonly log: Log
  readonly published: RuntimeFile<Published>
  /** The process that was launched and had not answered when this was written. */
  readonly starting: RuntimeFile<ServerProcess>
  /** What the server holds locked while it lives. */
  readonly serverLock: RuntimeFile<string>
  /** The last monitor found the instance degraded. */
  readonly degraded: RuntimeFile<true>
  /** The process that did not answer when this was written. */
  readonly silent: RuntimeFile<ServerProcess>
  /** How the last monitor of a source found its commits. */
  readonly commits: RuntimeFile<CommitLook>
  /** How long this instance has been in step, where it may take the source's place. Outlives a boot: it may be the machine that fails. */
  readonly patience: RuntimeFile<Patience>
  /** How the last monitor of a replica found its lag; absent where nothing was amiss. */
  readonly lag: RuntimeFile<LagNote>
  #talk: Talk | undefined

  constructor(options: {
    readonly invocation: Invocation
    readonly parameters: Parameters
    readonly node: string
    readonly deadline: Deadline
    readonly log: Log
  }) {
    this.invocation = options.invocation
    this.parameters = options.parameters
    this.node = options.node
    this.deadline = options.deadline
    this.log = options.log
    this.published = new RuntimeFile(options.invocation.resource, 'published')
    this.starting = new RuntimeFile(options.invocation.resource, 'starting')
    this.serverLock = serverLock(options.invocation.resource)
    this.degraded = new RuntimeFile(options.invocation.resource, 'degraded')
    this.silent = new RuntimeFile(options.invocation.resource, 'silent')
    this.commits = new RuntimeFile(options.invocation.resource, 'commits')
    this.patience = new RuntimeFile(options.invocation.resource, 'patience', HOME)
    this.lag = new RuntimeFile(options.invocation.resource, 'lag')
  }

  /** What the names of the attributes begin with that belong to the source of this node's writes. */
  get reign(): string {
    const { resource } = this.invocation
    return this.parameters.topology === 'multi-primary' ? reignOf(resource, this.node) : resource
  }

  /** The connection over the socket, opened on first use and again after it was lost. Throws what connect() throws. */
  async talk(deadline: Deadline = this.deadline): Promise<Talk> {
    if (this.#talk && !this.#talk.connection.closed) return this.#talk
    const account = await this.localAccount()
    const connection = await connect({ socket: this.parameters.socket }, account, deadline)
    const flavour = await detectFlavour(connection, deadline)
    this.#talk = { connection, flavour }
    return this.#talk
  }

  /** End the connection, if there is one. */
  hangUp(): void {
    this.#talk?.connection.close()
    this.#talk = undefined
  }

  /** The agent's own account: from the credentials where they have one, else root as the socket's peer. */
  async localAccount(): Promise<Account> {
    const { credentials } = this.parameters
    return (credentials && (await readAccount(credentials, 'agent'))) || { user: 'root' }
  }

  /** The account for replication. Throws Failure `misconfigured` when there is none. */
  async replicationAccount(): Promise<Account> {
    const { credentials, replication_user: user, replication_passwd: password } = this.parameters
    const account = credentials && (await readAccount(credentials, 'replication'))
    if (account) return account
    if (user !== undefined && password !== undefined) return { user, password }
    throw new Failure(
      'misconfigured',
      'no replication account is known: set credentials to a file with a section [replication]',
    )
  }
}
