import { resolve } from 'node:path'
import type { Connection } from '../mysql/connection.ts'
import type { Flavour } from '../mysql/flavour.ts'
import { binaryLogBase, serverVariable } from '../mysql/server-defaults.ts'
import { command } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'

/** What a server that runs says of itself, for one that would take its data. Needs no privilege. */
export interface DonorTraits {
  readonly machine: string
  readonly pageSize: number
  /** innodb_data_file_path. */
  readonly systemTablespace: string
  /** MySQL: 1 and 2 are fixed in the data. */
  readonly lowerCase: string
  readonly clonePlugin: boolean
  readonly mayClone: boolean
  /** Libraries of its active plugins. */
  readonly libraries: readonly string[]
}

/** Ask it. */
export async function readDonorTraits(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<DonorTraits> {
  const [row] = await connection.query(
    'SELECT @@version_compile_machine AS machine, @@innodb_page_size AS page, ' +
      '@@innodb_data_file_path AS system_files, @@lower_case_table_names AS lower_case',
    deadline,
  )
  const common = {
    machine: row?.['machine'] ?? '',
    pageSize: Number(row?.['page']),
    systemTablespace: row?.['system_files'] ?? '',
    lowerCase: row?.['lower_case'] ?? '0',
  }
  if (flavour.name === 'mariadb') return { ...common, clonePlugin: false, mayClone: false, libraries: [] }
  const plugins = await connection.query(
    "SELECT PLUGIN_NAME AS plugin, PLUGIN_LIBRARY AS file FROM information_schema.PLUGINS WHERE PLUGIN_STATUS = 'ACTIVE' AND PLUGIN_LIBRARY IS NOT NULL",
    deadline,
  )
  const grants = await connection.query('SHOW GRANTS', deadline)
  return {
    ...common,
    clonePlugin: plugins.some(({ plugin }) => plugin === 'clone'),
    mayClone: grants.some(grant => Object.values(grant).some(text => /\bBACKUP_ADMIN\b/.test(text ?? ''))),
    libraries: [...new Set(plugins.map(({ file }) => file ?? ''))],
  }
}

/** What is installed here, and how it is configured: as the program itself says. */
export interface InstalledServer {
  readonly version: string
  readonly machine: string
  readonly isMariadb: boolean
  readonly serverId: number
  readonly pageSize: number
  readonly systemTablespace: string
  readonly binaryLogBase: string | undefined
  readonly relayLogBase: string
  /** Directories outside of the data directory that would keep a part of the data. */
  readonly elsewhere: readonly string[]
}

/** Read it from what the program prints with --verbose --help. Throws Failure `rejected` where it prints no version. */
export async function readInstalledServer(
  binary: string,
  help: string,
  dataDirectory: string,
  deadline: Deadline,
): Promise<InstalledServer> {
  const { stdout } = await command(binary, ['--no-defaults', '--version'], { deadline })
  const release = parseRelease(stdout)
  if (release === undefined) throw new Failure('rejected', `${binary} does not say its version`)
  return {
    ...release,
    isMariadb: stdout.includes('MariaDB'),
    serverId: Number(serverVariable(help, 'server-id') ?? 1),
    pageSize: Number(serverVariable(help, 'innodb-page-size') ?? 16384),
    systemTablespace: serverVariable(help, 'innodb-data-file-path') ?? '',
    binaryLogBase: binaryLogBase(help),
    relayLogBase: relayLogBase(help),
    elsewhere: PLACES.flatMap(name => serverVariable(help, name) ?? []).filter(path => !isWithin(dataDirectory, path)),
  }
}

/** The version, and the kind of machine, in what a server prints with --version. Who has built it may stand in between. */
export function parseRelease(text: string): Pick<InstalledServer, 'version' | 'machine'> | undefined {
  const [, version, machine] = /Ver (\S+) (?:.* )?for \S+ on (\S+)/.exec(text) ?? []
  return version === undefined || machine === undefined ? undefined : { version, machine }
}

/** Variables that move a part of the data to another place. */
const PLACES = ['innodb-data-home-dir', 'innodb-log-group-home-dir', 'innodb-undo-directory']

/** Not set, it has the name of the host and stands in the data directory, which is replaced as a whole. */
const relayLogBase = (help: string) => serverVariable(help, 'relay-log') ?? 'relay-bin'

function isWithin(directory: string, path: string): boolean {
  const place = resolve(directory, path)
  return place === directory || place.startsWith(`${directory}/`)
}
