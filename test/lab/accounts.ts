import type { FlavourName } from '../../lib/mysql/server-facts.ts'

/** The account that replicas log in to their source with. */
export const REPLICATION = { user: 'heir_repl', password: 'lab-replication' } as const

/** The account of the application, and its schema. */
export const APPLICATION = { user: 'app', password: 'app', database: 'lab' } as const

/** The agent's file of secrets, as an administrator writes it. */
export function credentialsFile(): string {
  return `[replication]\nuser=${REPLICATION.user}\npassword=${REPLICATION.password}\n`
}

/** The statements that make the replication account, with nothing but the privilege to replicate. */
export function replicationAccount(): string {
  const account = `'${REPLICATION.user}'@'%'`
  return [
    `CREATE USER ${account} IDENTIFIED BY '${REPLICATION.password}';`,
    `GRANT REPLICATION SLAVE ON *.* TO ${account};`,
  ].join('\n')
}

/** The application's account and the tables that the write client fills; in `payloads`, each large value takes the place of the last one. */
export const APPLICATION_SCHEMA = `
CREATE DATABASE ${APPLICATION.database};
CREATE USER '${APPLICATION.user}'@'%' IDENTIFIED BY '${APPLICATION.password}';
GRANT ALL ON ${APPLICATION.database}.* TO '${APPLICATION.user}'@'%';
CREATE TABLE ${APPLICATION.database}.writes (
  writer varchar(24) NOT NULL,
  sequence int unsigned NOT NULL,
  server varchar(60) NOT NULL,
  PRIMARY KEY (writer, sequence)
) ENGINE=InnoDB;
CREATE TABLE ${APPLICATION.database}.payloads (
  slot varchar(8) NOT NULL PRIMARY KEY,
  writer varchar(24) NOT NULL,
  sequence int unsigned NOT NULL,
  payload longblob NOT NULL
) ENGINE=InnoDB;
`

/** Root logs in over the socket without a password, as Debian's packages set it up. */
export function rootBySocket(flavour: FlavourName): string {
  if (flavour === 'mariadb') return '' // mariadb-install-db does
  return `
INSTALL PLUGIN auth_socket SONAME 'auth_socket.so';
ALTER USER 'root'@'localhost' IDENTIFIED WITH auth_socket;
`
}
