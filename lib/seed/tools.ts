/** Programs that read and write data, by the name that a shell would find them by, or by their path. */
export interface Tools {
  /** mariadb-backup, which reads a running server's files and makes them consistent. */
  readonly backup: string
  /** mbstream, which takes the stream of mariadb-backup apart. */
  readonly unpack: string
  /** mysqldump or mariadb-dump. */
  readonly dump: string
  /** mysql or mariadb. */
  readonly client: string
  /** mariadb-install-db; MySQL's server makes a new data directory itself. */
  readonly install: string
}

/** The programs that copy data, by the vendor's own names. */
export const TOOLS = {
  mysql: {
    backup: 'mariadb-backup',
    unpack: 'mbstream',
    dump: 'mysqldump',
    client: 'mysql',
    install: 'mariadb-install-db',
  },
  mariadb: {
    backup: 'mariadb-backup',
    unpack: 'mbstream',
    dump: 'mariadb-dump',
    client: 'mariadb',
    install: 'mariadb-install-db',
  },
} as const satisfies Record<'mysql' | 'mariadb', Tools>
