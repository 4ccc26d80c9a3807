/**
 * Takes all connections of a server that it can get, and each one that becomes free, for some seconds; says how many it had.
 *
 *   crowd.ts ADDRESS SECONDS
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { APPLICATION } from '../lab/accounts.ts'

const PAUSE_MS = 50

const [, , host = '', seconds = '0'] = process.argv
const end = Date.now() + Number(seconds) * 1000
const crowd: Connection[] = []
let refusals = 0
while (Date.now() < end) {
  const one = await join()
  if (one !== undefined) crowd.push(one)
  else {
    refusals += 1
    await delay(PAUSE_MS)
  }
}
for (const connection of crowd) connection.destroy()
console.log(`${crowd.length} connections taken, ${refusals} refused`)
process.exit(refusals > 0 ? 0 : 1) // nobody refused: the server was never full

async function join(): Promise<Connection | undefined> {
  const { user, password } = APPLICATION
  const connecting = createConnection({ host, user, password, connectTimeout: 1000 })
  const connection = await connecting.catch(() => undefined)
  connection?.on('error', () => {}) // the server closes some; their places are taken again
  return connection
}
