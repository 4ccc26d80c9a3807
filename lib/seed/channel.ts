import { scrypt } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'

/**
 * Both ends prove that they know the same secret, and agree on fresh keys: TLS 1.3 with a pre-shared key (RFC 8446, 2.2) and
 * an ephemeral exchange. No certificates, and nothing that an eavesdropper could use later.
 */
const PROTOCOL = { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' } as const

const IDENTITY = 'heir'
const KEY_BYTES = 32
/** Makes each guess at a password cost 32 MiB and about a tenth of a second. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** The key for one transfer, from what both nodes have in their credentials; `nonce` may be known to everybody. */
export async function channelKey(secret: string, nonce: string): Promise<Buffer> {
  const derive = promisify<string, string, number, typeof COST, Buffer>(scrypt)
  return derive(secret, `heir seed ${nonce}`, KEY_BYTES, COST)
}

/** The end that waits. */
export interface Listener {
  readonly port: number
  /** The first connection whose other end has the key; others are turned away. Throws Failure `timed-out`. */
  accept(deadline: Deadline): Promise<TLSSocket>
  close(): void
}

/** Wait for the other end at a port, or at any free one for 0. Throws Failure `rejected` where the port is taken. */
export async function listen(port: number, key: Buffer): Promise<Listener> {
  const server = createServer({ ...PROTOCOL, pskCallback: () => key })
  const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>
  server.on('tlsClientError', (_error, socket) => socket.destroy()) // somebody without the key
  server.listen(port)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new Failure('rejected', `nothing can wait at port ${port}: choose another one with --port`, { cause })
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () => server.close(),
    accept: deadline =>
      within(
        deadline,
        accepted.then(([socket]) => tend(socket)),
        'no donor has called',
      ),
  }
}

/** Call the end that waits. Throws Failure `unreachable`, or `denied` where it has another key. */
export async function call(host: string, port: number, key: Buffer, deadline: Deadline): Promise<TLSSocket> {
  const socket = connect({
    ...PROTOCOL,
    host,
    port,
    pskCallback: () => ({ psk: key, identity: IDENTITY }),
    checkServerIdentity: () => undefined, // there is no certificate: the key is what proves it
  })
  const secured = new Promise<TLSSocket>((resolve, reject) => {
    socket.once('secureConnect', () => resolve(tend(socket)))
    socket.once('error', cause => {
      const kind = /^ERR_SSL/.test((cause as NodeJS.ErrnoException).code ?? '') ? 'denied' : 'unreachable'
      reject(new Failure(kind, `${host}:${port}: ${cause.message}`, { cause }))
    })
  })
  try {
    return await within(deadline, secured, `${host}:${port} does not answer`)
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/**
 * End this end, once the other one has taken everything: it closes when it has read the last word. What is only on its way is
 * lost when this process ends.
 */
export function hangUp(socket: TLSSocket, deadline: Deadline): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise(resolve => {
    const timer = setTimeout(resolve, deadline.remainingMs)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.resume().end()
  })
}

/** An end that has said nothing for so long is lost: the donor says at least that it lives. */
const SILENCE_MS = 60_000

/** An end that is lost between two reads is news for the next read, not for the process. */
function tend(socket: TLSSocket): TLSSocket {
  socket.setTimeout(SILENCE_MS, () => socket.destroy())
  return socket.on('error', () => socket.destroy())
}

function within<T>(deadline: Deadline, work: Promise<T>, silence: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const milliseconds = Math.round(deadline.remainingMs)
  const timer = setTimeout(() => reject(new Failure('timed-out', `${silence} in ${milliseconds} ms`)), milliseconds)
  work.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}
