import { accountId } from '../lib/system/account-id.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { fileFacts } from '../lib/system/file-facts.ts'
import { distrust } from '../lib/system/trusted-program.ts'
import type { EnvironmentFacts } from './check-environment.ts'
import type { Parameters } from './parameters.ts'

/**
 * Look at everything on this machine that the parameters name. `binary` is the path of the server program,
 * undefined when none was found.
 * Throws Failure `timed-out` when the system's accounts cannot be read in time.
 */
export async function observeEnvironment(
  parameters: Parameters,
  binary: string | undefined,
  deadline: Deadline,
): Promise<EnvironmentFacts> {
  const named = async (path: string | undefined) => (path === undefined ? undefined : fileFacts(path))
  const tlsFiles = [
    parameters.replication_master_ssl_ca,
    parameters.replication_master_ssl_cert,
    parameters.replication_master_ssl_key,
  ].filter(path => path !== undefined)
  return {
    binary: binary === undefined ? undefined : { path: binary, file: await fileFacts(binary) },
    config: await named(parameters.config),
    datadir: await fileFacts(parameters.datadir),
    credentials: await named(parameters.credentials),
    tls: new Map(await Promise.all(tlsFiles.map(async path => [path, await fileFacts(path)] as const))),
    hookComplaint: parameters.post_promote_script && (await distrust(parameters.post_promote_script)),
    userId: await accountId('passwd', parameters.user, deadline),
    groupId: await accountId('group', parameters.group, deadline),
  }
}
