import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Account, Connection, Row, SourceTls } from './connection.ts'
import type { Flavour, SourceOptions } from './flavour.ts'
import { contains, type GtidSet } from './gtid-set.ts'
import { escapeText } from './literal.ts'
import { notBeyond } from './mariadb-start.ts'
import { readExecuted, readGtidPosition } from './read-server.ts'
import { readReplicaStatus, toReplication } from './replica-status.ts'
import { startReplication, stopReplication } from './replication.ts'
import type { Coordinates } from './server-facts.ts'
import { runUnlogged } from './statement-logs.ts'

/** Whom to follow, and from where on. */
export interface Source {
  readonly host: string
  readonly port: number
  readonly account: Account
  readonly tls: SourceTls
  readonly from: 'gtid' | Coordinates
  /** What the source has executed, where this server may hold more of its own writes than that. */
  readonly executed?: GtidSet
}

/**
 * Make the server a replica of this source, and both threads run. A channel that is like that already is only started.
 * Deletes the relay log otherwise: only when all of it is applied, or a live server is known to hold it. Whether this
 * server holds transactions that the source lacks is the caller's question; MySQL would not ask it.
 */
export async function follow(
  connection: Connection,
  flavour: Flavour,
  source: Source,
  deadline: Deadline,
): Promise<void> {
  try {
    await startFollowing(connection, flavour, source, deadline)
  } catch (error) {
    if (!(error instanceof Failure && error.code === CHANNEL_LOST)) throw error
    await connection.query(`RESET REPLICA ALL${flavour.channel}`, deadline)
    await startFollowing(connection, flavour, source, deadline)
  }
}

/**
 * MariaDB cannot read its files about whom it follows and how far it got: a loss of power has emptied one of them. Until it
 * has forgotten the rest of it as well, it takes no other source and does not start.
 */
const CHANNEL_LOST = 1201

async function startFollowing(
  connection: Connection,
  flavour: Flavour,
  source: Source,
  deadline: Deadline,
): Promise<void> {
  const status = await readReplicaStatus(connection, flavour, deadline)
  const isFit =
    status && isLike(flavour, status, source) && !(await isTooOld(connection, flavour, status, source, deadline))
  if (!isFit) {
    await stopReplication(connection, flavour, deadline)
    await startFromOwnEnd(connection, flavour, source, deadline)
    // Under NO_BACKSLASH_ESCAPES a backslash in a password would count twice.
    await connection.query("SET SESSION sql_mode = ''", deadline)
    await runUnlogged(connection, flavour, flavour.changeSource(sourceOptions(flavour, source)), deadline)
  }
  await startReplication(connection, flavour, deadline)
}

/**
 * Of a pair the place at which MariaDB began in its own writes does not move, and the binary logs of a source that was rebuilt
 * begin later: it has to begin anew, once all that it received is executed.
 */
async function isTooOld(
  connection: Connection,
  flavour: Flavour,
  status: Row,
  { executed }: Source,
  deadline: Deadline,
): Promise<boolean> {
  const { receiverError, received } = toReplication(flavour.name, status)
  if (executed === undefined || !NOT_IN_LOGS.test(receiverError ?? '')) return false
  return contains(await readExecuted(connection, flavour, deadline), received)
}

const NOT_IN_LOGS = /\(1236\)$/

/** MariaDB starts at a position of its own, which does not move while the server is a source. */
async function startFromOwnEnd(
  connection: Connection,
  flavour: Flavour,
  { from, executed }: Source,
  deadline: Deadline,
): Promise<void> {
  if (from !== 'gtid') return
  const own = await readGtidPosition(connection, flavour, deadline)
  const isPair = executed !== undefined && flavour.name === 'mariadb'
  const start = isPair ? notBeyond(own, executed) : own
  const statement = flavour.startAt(start)
  if (statement === undefined) return
  await connection.query(start === own ? statement : beforeOwnEnd(statement), deadline)
}

/**
 * In strict mode MariaDB begins at no place before the end of its own binary log, in which this server's own writes are. One
 * statement lifts the mode and sets it again: whoever sends it may end at any moment.
 */
const beforeOwnEnd = (assignment: string) =>
  `BEGIN NOT ATOMIC
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SET GLOBAL gtid_strict_mode = ON; RESIGNAL; END;
    SET GLOBAL gtid_strict_mode = OFF;
    ${assignment};
    SET GLOBAL gtid_strict_mode = ON;
  END`

/** Everything that decides how a replica connects is stated: what is left out keeps an older value. */
function sourceOptions(flavour: Flavour, { host, port, account, tls, from }: Source): SourceOptions {
  return {
    HOST: escapeText(host),
    PORT: String(port),
    USER: escapeText(account.user),
    PASSWORD: escapeText(account.password ?? ''),
    CONNECT_RETRY: String(RETRY_SECONDS),
    HEARTBEAT_PERIOD: String(HEARTBEAT_SECONDS),
    SSL: tls.mode === 'off' ? '0' : '1',
    SSL_VERIFY_SERVER_CERT: tls.mode === 'verified' ? '1' : '0',
    SSL_CA: escapeText(tls.ca ?? ''),
    SSL_CERT: escapeText(tls.cert ?? ''),
    SSL_KEY: escapeText(tls.key ?? ''),
    ...flavour.furtherOptions,
    ...(from === 'gtid'
      ? flavour.position.byGtid
      : { ...flavour.position.byCoordinates, LOG_FILE: escapeText(from.file), LOG_POS: String(from.position) }),
  }
}

const RETRY_SECONDS = 1
/** MySQL goes on counting an acker that is gone for one heartbeat and a second. */
const HEARTBEAT_SECONDS = 1

/** Errors of a login: wrong password or account, wrong key or certificate, a plugin or encryption that is missing. */
const LOGIN_ERRORS = /\((1045|1698|2026|2059|2061|3159)\)$/

/** Whether the channel needs no CHANGE. The password cannot be compared: only a login that fails tells that it is another. */
function isLike(flavour: Flavour, status: Row, { host, port, account, tls, from }: Source): boolean {
  const { sourceHost, sourcePort, byGtid, receiverError } = toReplication(flavour.name, status)
  return (
    sourceHost === host &&
    sourcePort === port &&
    status['Source_User'] === account.user &&
    Number(status['Connect_Retry']) === RETRY_SECONDS &&
    byGtid === (from === 'gtid') &&
    status['Source_SSL_Allowed'] === (tls.mode === 'off' ? 'No' : 'Yes') &&
    status['Source_SSL_Verify_Server_Cert'] === (tls.mode === 'verified' ? 'Yes' : 'No') &&
    status['Source_SSL_CA_File'] === (tls.ca ?? '') &&
    status['Source_SSL_Cert'] === (tls.cert ?? '') &&
    status['Source_SSL_Key'] === (tls.key ?? '') &&
    !LOGIN_ERRORS.test(receiverError ?? '')
  )
}
