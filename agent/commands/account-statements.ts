import { comment } from '../../cib/snippets/layout.ts'
import { GRANTS } from '../../lib/mysql/flavour.ts'
import { escapeText } from '../../lib/mysql/literal.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'

/** The account with which replicas connect to their source. */
export interface ReplicationAccount {
  readonly user: string
  /** Undefined as long as nobody has chosen one: then a mark stands in its place that no server accepts. */
  readonly password: string | undefined
  readonly requireSsl: boolean
}

/** Stands for a password that is still to be chosen; as SQL it is a syntax error, so that it cannot be forgotten. */
const UNCHOSEN = '<<< THE PASSWORD >>>'

/** The first statement as long as no password is chosen: a syntax error before anything is changed. */
const GUARD = 'DO <<< put the password into CREATE USER below and into the file, then delete this line >>>;\n'

/** The statements that make the replication account, and the form of the file in which the agent finds it. */
export function accountStatements(engine: FlavourName, account: ReplicationAccount, credentials: string): string {
  const name = `${escapeText(account.user)}@'%'`
  const password = account.password === undefined ? UNCHOSEN : escapeText(account.password)
  const { open, close } = WRITES[engine]
  return [
    comment([
      'Run this as root on every node, or on the one whose data the others get: it stays out of the binary logs, so that no node gets transactions that others lack',
    ]),
    account.password === undefined ? GUARD : '',
    `SET SESSION sql_log_bin = 0;\n${open}\n`,
    comment([WHAT_FOR[engine]]),
    `CREATE USER IF NOT EXISTS ${name} IDENTIFIED BY ${password}${account.requireSsl ? ' REQUIRE SSL' : ''};\n`,
    ...GRANTS[engine].replication.map(grant => `GRANT ${grant} TO ${name};\n`),
    '\n',
    `${close}SET SESSION sql_log_bin = 1;\n\n`,
    comment([
      `${credentials} on every node, owner root and mode 0600:`,
      '  [replication]',
      `  user = ${account.user}`,
      '  password = ...',
    ]),
    '#\n',
    localAccount(engine, credentials),
  ].join('')
}

const WHAT_FOR: Readonly<Record<FlavourName, string>> = {
  mysql: 'replicas log in with this account; it may read binary logs, and, for "heir seed", copy the data by CLONE',
  mariadb: 'replicas log in with this account; to read binary logs is all that it may',
}

/** super_read_only keeps root from writing as well; it is set back to what it was, since the server may be the source. */
const WRITES: Readonly<Record<FlavourName, { readonly open: string; readonly close: string }>> = {
  mysql: {
    open: 'SET @super_read_only = @@GLOBAL.super_read_only;\nSET GLOBAL super_read_only = OFF;\n',
    close: 'SET GLOBAL super_read_only = @super_read_only;\n',
  },
  mariadb: { open: '', close: '' },
}

const localAccount = (engine: FlavourName, credentials: string): string =>
  comment([
    `Only where root may not log in over the socket without a password, an account for the agent as well, which then belongs into the section [agent] of ${credentials}:`,
    `  CREATE USER 'heir'@'localhost' IDENTIFIED BY '...';`,
    ...GRANTS[engine].local.map(grant => `  GRANT ${grant} TO 'heir'@'localhost';`),
  ])
