import { isIP } from 'node:net'
import { CLIENT_ROLES, type ClientRole } from '../readiness.ts'

/** The options of the command line, as yargs takes them. */
export const CHECK_OPTIONS = {
  role: { type: 'string', describe: `What clients want: ${CLIENT_ROLES.join(' or ')}` },
  resource: { type: 'string', describe: 'Name of the resource, where the cluster has several' },
  set: {
    type: 'string',
    array: true,
    default: [],
    describe: 'parameter=value where there is no Pacemaker to say it, such as socket=/run/mysqld/mysqld.sock',
  },
  timeout: { type: 'number', default: 3, describe: 'Seconds after which a server that does not answer is not ready' },
  http: { type: 'number', describe: 'Serve the answers over HTTP at this port: GET /writable and GET /readable' },
  listen: { type: 'string', default: '127.0.0.1', describe: 'Address to serve them at, with --http' },
} as const

/** The words of the command line, not checked yet. */
export interface CheckArguments {
  readonly role: string | undefined
  readonly resource: string | undefined
  /** `parameter=value`, once for each. */
  readonly set: readonly string[]
  readonly timeout: number
  readonly http: number | undefined
  readonly listen: string
}

/** What is asked for, once. */
export type CheckRequest = { readonly timeoutMs: number } & (
  | { readonly serve: undefined; readonly role: ClientRole }
  /** `role` answers for the path / as well. */
  | { readonly serve: { readonly address: string; readonly port: number }; readonly role: ClientRole | undefined }
)

/** The request that the words make, or what is wrong with them. */
export function readCheckRequest({ role: word, timeout, http, listen }: CheckArguments): CheckRequest | string {
  const role = CLIENT_ROLES.find(role => role === word)
  if (word !== undefined && role === undefined) return `role ${word} is unknown: use ${CLIENT_ROLES.join(' or ')}`
  if (!(timeout >= 0.1 && timeout <= 60)) return `timeout ${timeout} is no number of seconds: use 0.1 to 60`
  const timeoutMs = timeout * 1000
  if (http === undefined) {
    if (role !== undefined) return { role, timeoutMs, serve: undefined }
    return 'what clients want is not said: add --role writable or --role readable, or --http PORT for both'
  }
  if (!(Number.isInteger(http) && http >= 1 && http <= 65_535)) return `port ${http} is none: use 1 to 65535`
  if (isIP(listen) === 0) return `address ${listen} is no IP address: use one of this machine, such as 127.0.0.1`
  return { role, timeoutMs, serve: { address: listen, port: http } }
}
