import type { FlavourName } from '../../lib/mysql/server-facts.ts'

export const ENGINE_NAMES = ['mariadb-10.11', 'mariadb-11.8', 'mysql-9.7'] as const

export type EngineName = (typeof ENGINE_NAMES)[number]

/** A server version to test on, and the Debian release that has it. */
export interface Engine {
  readonly name: EngineName
  readonly flavour: FlavourName
  /** The Debian release: it decides the versions of Pacemaker and corosync as well. */
  readonly suite: 'bookworm' | 'trixie' | 'sid'
  readonly packages: readonly string[]
  /** Program names, as a machine of this engine knows them. */
  readonly server: string
  readonly client: string
}

const mariadb = {
  flavour: 'mariadb',
  packages: ['mariadb-server', 'mariadb-backup'],
  server: '/usr/sbin/mariadbd',
  client: 'mariadb',
} as const

export const ENGINES = {
  'mariadb-10.11': { name: 'mariadb-10.11', suite: 'bookworm', ...mariadb },
  'mariadb-11.8': { name: 'mariadb-11.8', suite: 'trixie', ...mariadb },
  'mysql-9.7': {
    name: 'mysql-9.7',
    flavour: 'mysql',
    suite: 'sid',
    packages: ['mysql-server'],
    server: '/usr/sbin/mysqld',
    client: 'mysql',
  },
} as const satisfies Record<EngineName, Engine>
