import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP port in front of a server, through which what the server sends can be held back. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets: Socket[] = []
  /** How many more bytes the server may send to all its clients together. */
  #allowance = Number.POSITIVE_INFINITY

  private constructor(target: number) {
    this.#server = createServer(client => this.#join(client, connect(target, '127.0.0.1')))
  }

  static async open(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Let through so many bytes of what the server sends from now on, and hold back the rest for good. */
  holdAfter(bytes: number): void {
    this.#allowance = bytes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket, server: Socket): void {
    this.#sockets.push(client, server)
    client.on('error', () => server.destroy())
    server.on('error', () => client.destroy())
    client.on('close', () => server.destroy())
    server.on('close', () => client.destroy())
    client.on('data', data => server.write(data))
    server.on('data', data => {
      const passing = data.subarray(0, this.#allowance)
      this.#allowance -= passing.length
      if (passing.length > 0) client.write(passing)
      if (this.#allowance === 0) server.pause()
    })
  }
}
