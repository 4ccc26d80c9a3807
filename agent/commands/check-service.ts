import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { Failure } from '../../lib/system/failure.ts'
import { CLIENT_ROLES, type ClientRole } from '../readiness.ts'
import type { CheckAnswer } from './check.ts'

/** Clients are balancers: a few of them, with short questions. Node.js looks for slow ones every 30 s unless it is told. */
const BOUNDS = {
  maxHeaderSize: 4096,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 1000,
  connectionsCheckingInterval: 1000,
} as const
const MAX_CONNECTIONS = 100

const METHODS: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS']

/** How a question is answered: one line each, for both roles from one look. */
export type Examine = () => Promise<(role: ClientRole) => CheckAnswer>

/** Where the service listens: an address of this machine, and a TCP port. */
export interface Place {
  readonly address: string
  readonly port: number
}

/**
 * Serve the answers over HTTP: 200 for yes and 503 for no, with the line as the body. `role` answers for the path / too.
 * Questions that come while one is being answered get that answer. Throws Failure `misconfigured` when it cannot listen.
 */
export async function serveChecks(place: Place, role: ClientRole | undefined, examine: Examine): Promise<Server> {
  const server = createServer(BOUNDS, listener(role, shared(examine)))
  server.maxConnections = MAX_CONNECTIONS
  server.listen(place.port, place.address)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    const remedy = 'use an address of this machine and a port that is free'
    throw new Failure('misconfigured', `no check at ${place.address} port ${place.port}: ${said}: ${remedy}`, { cause })
  }
  return server
}

function shared(examine: Examine): Examine {
  let running: ReturnType<Examine> | undefined
  return () => {
    running ??= examine().finally(() => {
      running = undefined
    })
    return running
  }
}

const listener =
  (role: ClientRole | undefined, examine: Examine): RequestListener =>
  (request, response) => {
    void reply(request, role, examine).then(({ status, line }) => {
      const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', Connection: 'close' }
      response.writeHead(status, headers).end(line)
    })
  }

interface Reply {
  readonly status: 200 | 404 | 405 | 500 | 503
  readonly line: string
}

async function reply({ method, url }: IncomingMessage, role: ClientRole | undefined, examine: Examine): Promise<Reply> {
  if (!METHODS.includes(method)) return { status: 405, line: 'use GET, HEAD or OPTIONS\n' }
  const path = url?.split('?', 1)[0]
  const asked = path === '/' ? role : CLIENT_ROLES.find(role => path === `/${role}`)
  if (asked === undefined) return { status: 404, line: `use ${CLIENT_ROLES.map(role => `/${role}`).join(' or ')}\n` }
  try {
    const { exit, output } = (await examine())(asked)
    return { status: exit === 0 ? 200 : 503, line: output }
  } catch (error) {
    return { status: 500, line: `unexpected: ${String(error).replaceAll(/\s+/g, ' ')}\n` }
  }
}
