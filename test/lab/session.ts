/**
 * A client that connects once and stays, idle: session.ts ADDRESS. Answers every line with where it is connected, and by which number
 * the server knows the connection. Ends with the connection.
 */
import { createInterface } from 'node:readline/promises'
import { createConnection } from 'mysql2/promise'
import { APPLICATION } from './accounts.ts'
import { ask } from './write-transaction.ts'

const { user, password, database } = APPLICATION
const connection = await createConnection({ host: process.argv[2] ?? '', user, password, database })
const say = async () => console.log((await ask(connection, 'SELECT @@hostname, CONNECTION_ID()')).flat().join(' '))
await say()
for await (const _ of createInterface(process.stdin)) await say()
connection.destroy()
