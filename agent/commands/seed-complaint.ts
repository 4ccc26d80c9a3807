import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * What is wrong with the port at which a node is to wait for its data, in one sentence with the remedy. It is asked for when
 * the old data may be gone already, so this has to be known before.
 */
export async function seedComplaint({ port }: { readonly port: number }): Promise<string | undefined> {
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535))
    return `--port ${port} is no port: use 1 to 65535, or leave it out for any that is free`
  if (port === 0) return undefined
  const server = createServer().listen(port)
  try {
    await once(server, 'listening')
    return undefined
  } catch {
    return `port ${port} of this node cannot be used, as by another program: choose another one with --port`
  } finally {
    server.close()
  }
}
