import type { FlavourName } from '../lib/mysql/server-facts.ts'

/** How one server's data can come to another one: MySQL's CLONE, mariadb-backup, or statements. */
export type SeedMethod = 'clone' | 'backup' | 'dump'

/** What a server must have in common with another one whose data it takes. */
export interface ServerKind {
  readonly flavour: FlavourName
  /** As the server says it: 8.4.3, 10.11.6-MariaDB-log. */
  readonly version: string
  /** Of the machine: x86_64. */
  readonly machine: string
  readonly pageSize: number
  /** innodb_data_file_path: how the files of the system tablespace are called, and how large they are. */
  readonly systemTablespace: string
}

/** What only the donor has. */
export interface DonorKind extends ServerKind {
  /** The CLONE plugin is active. */
  readonly clonePlugin: boolean
  /** The replication account may copy the data. */
  readonly mayClone: boolean
  readonly gtid: boolean
}

/** The method that fits both servers; or one sentence that says why none does, and what helps. */
export type MethodChoice = { readonly method: SeedMethod } | { readonly refusal: string }

/**
 * How the recipient can take the donor's data. A dump is only for who asks for it: it takes many times as long, and cannot
 * carry everything over unchanged. Each refusal says what helps.
 */
export function chooseMethod(
  recipient: ServerKind,
  donor: DonorKind,
  names: { readonly recipient: string; readonly donor: string },
  wanted?: SeedMethod,
): MethodChoice {
  const general = unlike(recipient, donor, names)
  if (general !== undefined) return { refusal: general }
  const method = wanted ?? (donor.flavour === 'mysql' ? 'clone' : 'backup')
  const refusal = method === 'dump' ? undefined : OBJECTIONS[method](recipient, donor, names)
  return refusal === undefined ? { method } : { refusal }
}

type Names = { readonly recipient: string; readonly donor: string }
type Objection = (recipient: ServerKind, donor: DonorKind, names: Names) => string | undefined

/** What no way of copying gets over. */
const unlike: Objection = (recipient, donor, names) => {
  if (recipient.flavour !== donor.flavour)
    return `${names.recipient} has ${recipient.flavour} installed and ${names.donor} runs ${donor.flavour}: install the same`
  if (!donor.gtid) return `${names.donor} runs without GTIDs, so the copy would not know its place: set gtid_mode=ON`
  if (seriesOf(recipient.version) !== seriesOf(donor.version))
    return `${names.recipient} has version ${recipient.version} and ${names.donor} ${donor.version}: install ${seriesOf(donor.version)} on ${names.recipient}, seed it, and upgrade it then`
  if (recipient.pageSize !== donor.pageSize)
    return `innodb_page_size is ${recipient.pageSize} on ${names.recipient} and ${donor.pageSize} on ${names.donor}: make it the same in the configuration of ${names.recipient}`
  if (recipient.systemTablespace !== donor.systemTablespace)
    return `innodb_data_file_path is ${recipient.systemTablespace} on ${names.recipient} and ${donor.systemTablespace} on ${names.donor}: make it the same in the configuration of ${names.recipient}`
  return undefined
}

const OBJECTIONS: Readonly<Record<Exclude<SeedMethod, 'dump'>, Objection>> = {
  clone: (recipient, donor, names) => {
    if (donor.flavour !== 'mysql') return 'MariaDB has no CLONE: leave --method out'
    if (recipient.machine !== donor.machine)
      return `${names.donor} is a machine of another kind (${donor.machine}) than ${names.recipient} (${recipient.machine}): use --method dump`
    if (!agreesForClone(recipient.version, donor.version))
      return `before 8.0.37 CLONE wants the very same version, and ${names.recipient} has ${recipient.version}, ${names.donor} ${donor.version}: install ${donor.version}, or use --method dump`
    if (!donor.clonePlugin)
      return `${names.donor} has not loaded the CLONE plugin: add mysql_clone.so to its plugin_load_add and run INSTALL PLUGIN clone SONAME 'mysql_clone.so' there, or use --method dump`
    if (!donor.mayClone)
      return `the replication account may not clone: GRANT BACKUP_ADMIN ON *.* to it on the source, or use --method dump`
    return undefined
  },
  backup: (recipient, donor, names) => {
    if (donor.flavour !== 'mariadb') return 'mariadb-backup copies MariaDB only: leave --method out'
    if (recipient.machine !== donor.machine)
      return `${names.donor} is a machine of another kind (${donor.machine}) than ${names.recipient} (${recipient.machine}): use --method dump`
    return undefined
  },
}

/** The first two numbers of a version: within them data files have one form. */
export const seriesOf = (version: string): string => numbers(version).slice(0, 2).join('.')

/** Since 8.0.37 releases of one series may differ (MySQL manual, "Cloning Remote Data"). */
function agreesForClone(a: string, b: string): boolean {
  const same = numbers(a).join('.') === numbers(b).join('.')
  return same || seriesOf(a) !== '8.0' || [a, b].every(version => (numbers(version)[2] ?? 0) >= 37)
}

const numbers = (version: string): readonly number[] => (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
