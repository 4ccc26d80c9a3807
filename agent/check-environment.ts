import type { FileFacts } from '../lib/system/file-facts.ts'
import { type ExitCode, OCF } from './exit-code.ts'
import type { Parameters } from './parameters.ts'

/** What the machine holds of the things that the parameters name; undefined stands for "not there". */
export interface EnvironmentFacts {
  /** The server program, found or given. */
  readonly binary: { readonly path: string; readonly file: FileFacts | undefined } | undefined
  readonly config: FileFacts | undefined
  readonly datadir: FileFacts | undefined
  readonly credentials: FileFacts | undefined
  /** The files for TLS, by the path that names each. */
  readonly tls: ReadonlyMap<string, FileFacts | undefined>
  /** What is wrong with the program named by post_promote_script. */
  readonly hookComplaint: string | undefined
  readonly userId: number | undefined
  readonly groupId: number | undefined
}

/** Why the resource cannot run on this node, in one sentence with the remedy, and the exit code that says so. */
export interface Objection {
  readonly because: string
  readonly exit: ExitCode
}

/** Judge the machine by the parameters (check level 10 of validate-all); undefined when nothing stands in the way. */
export function checkEnvironment(parameters: Parameters, facts: EnvironmentFacts): Objection | undefined {
  for (const check of CHECKS) {
    const objection = check(parameters, facts)
    if (objection !== undefined) return objection
  }
  return undefined
}

type Check = (parameters: Parameters, facts: EnvironmentFacts) => Objection | undefined

const CHECKS: readonly Check[] = [binary, config, account, datadir, credentials, tls, hook]

function binary({ binary: path }: Parameters, { binary }: EnvironmentFacts) {
  if (binary === undefined) return missing('no mysqld or mariadbd is in its usual place: install one, or set binary')
  if (binary.file === undefined)
    return missing(`binary ${binary.path} does not exist: ${path ? 'correct binary' : 'install it'}`)
  if (binary.file.kind !== 'file' || !binary.file.executable) {
    return missing(`binary ${binary.path} is not an executable file: set binary to mysqld or mariadbd itself`)
  }
  return undefined
}

function config({ config: path }: Parameters, { config }: EnvironmentFacts) {
  if (path === undefined) return undefined
  if (config?.kind !== 'file') return missing(`config ${path} is not a file: create it, or correct config`)
  if ((config.mode & 0o002) === 0) return undefined
  return unsafe(`config ${path} is writable by everyone, so that the server ignores it: chmod o-w ${path}`)
}

function account({ user, group }: Parameters, { userId, groupId }: EnvironmentFacts) {
  if (userId === undefined) return missing(`user ${user} does not exist: create it, or correct user`)
  if (groupId === undefined) return missing(`group ${group} does not exist: create it, or correct group`)
  return undefined
}

function datadir({ datadir: path, user }: Parameters, { datadir, userId }: EnvironmentFacts) {
  if (datadir?.kind !== 'directory')
    return missing(`datadir ${path} is not a directory: mount or create it, or correct datadir`)
  if (datadir.uid === userId) return undefined
  return missing(`datadir ${path} does not belong to ${user}: chown -R ${user} ${path}, or correct user`)
}

function credentials({ credentials: path }: Parameters, { credentials }: EnvironmentFacts) {
  if (path === undefined) return undefined
  if (credentials?.kind !== 'file')
    return missing(`credentials ${path} is not a file: create it, or correct credentials`)
  if (credentials.uid === 0 && (credentials.mode & 0o077) === 0) return undefined
  return unsafe(`credentials ${path} can be read by others than root: chown root ${path} and chmod 600 ${path}`)
}

function tls(_parameters: Parameters, { tls }: EnvironmentFacts) {
  const [absent] = [...tls].find(([, file]) => file?.kind !== 'file') ?? []
  if (absent === undefined) return undefined
  return missing(`${absent} is not a file: create it, or correct the parameter replication_master_ssl_* that names it`)
}

function hook(_parameters: Parameters, { hookComplaint }: EnvironmentFacts) {
  return hookComplaint === undefined ? undefined : unsafe(`post_promote_script ${hookComplaint}`)
}

const missing = (because: string): Objection => ({ because, exit: OCF.ERR_INSTALLED })
const unsafe = (because: string): Objection => ({ because, exit: OCF.ERR_PERM })
