import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Examine, serveChecks } from '../../../agent/commands/check-service.ts'
import { runCommand } from '../../../agent/commands/command-line.ts'
import type { ClientRole } from '../../../agent/readiness.ts'
import { UNWATCHED } from './unwatched.ts'

test.each([
  ['', 'what clients want is not said: add --role writable or --role readable, or --http PORT for both'],
  ['--role primary', 'role primary is unknown: use writable or readable'],
  ['--role writable --timeout 0', 'timeout 0 is no number of seconds: use 0.1 to 60'],
  ['--role writable --timeout soon', '--timeout is no number: write digits behind it'],
  ['--http 70000', 'port 70000 is none: use 1 to 65535'],
  ['--http 9200 --listen alpha', 'address alpha is no IP address: use one of this machine, such as 127.0.0.1'],
  ['--role readable --set gtids=off', 'parameter "gtids" is unknown: "heir meta-data" lists the parameters'],
  ['--role readable --set socket', '--set socket has no value: write --set socket=VALUE'],
  ['--role readable --set socket=', '--set socket has no value: write --set socket=VALUE'],
  ['--role readable --set socket=here', 'socket "here" is not an absolute path: begin it with /'],
  ['--role readable --frequently', 'frequently is unknown: "heir check --help" lists the words'],
])('check %s is a wrong question', async (words, complaint) => {
  const answer = await runCommand(['check', ...words.split(' ').filter(Boolean)], UNWATCHED)
  expect(answer).toEqual({ exit: 2, output: '', complaint: expect.stringContaining(complaint) })
})

test('a server that is not there is not ready, and the line says so', async () => {
  const words = ['check', '--role', 'readable', '--set', 'socket=/nonexistent/socket']
  expect(await runCommand(words, UNWATCHED)).toEqual({
    exit: 1,
    output: expect.stringMatching(/^not readable: mysqld on \/nonexistent\/socket: .+\n$/),
  })
})

test('a port that is taken is named', async () => {
  const { port } = await serve()
  await expect(serveChecks({ address: '127.0.0.1', port }, undefined, EXAMINE)).rejects.toThrow(
    /^no check at 127.0.0.1 port \d+: .*EADDRINUSE.*: use an address of this machine and a port that is free$/,
  )
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A replica: readable, and not writable. */
const EXAMINE: Examine = async () => (role: ClientRole) =>
  role === 'readable' ? { exit: 0, output: 'readable: it replicates\n' } : { exit: 1, output: 'not writable: so\n' }

async function serve(examine = EXAMINE, role?: ClientRole) {
  const server = await serveChecks({ address: '127.0.0.1', port: 0 }, role, examine)
  closing.push(async () => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    return [response.status, await response.text()]
  }
  return { port, ask, server }
}

test('each role has its path, with the status for machines and the line for people', async () => {
  const { ask } = await serve()
  expect(await ask('/readable')).toEqual([200, 'readable: it replicates\n'])
  expect(await ask('/writable?from=haproxy')).toEqual([503, 'not writable: so\n'])
})

test('balancers may ask by HEAD and OPTIONS, and nobody by another method', async () => {
  const { ask } = await serve()
  expect(await ask('/writable', 'HEAD')).toEqual([503, ''])
  expect(await ask('/readable', 'OPTIONS')).toEqual([200, 'readable: it replicates\n'])
  expect(await ask('/readable', 'POST')).toEqual([405, 'use GET, HEAD or OPTIONS\n'])
})

test('the path / answers for the role that was given, and else for none', async () => {
  expect(await (await serve(EXAMINE, 'readable')).ask('/')).toEqual([200, 'readable: it replicates\n'])
  expect(await (await serve()).ask('/')).toEqual([404, 'use /writable or /readable\n'])
  expect(await (await serve()).ask('/readable/')).toEqual([404, 'use /writable or /readable\n'])
})

test('questions that come while one is answered share its look', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let looks = 0
  const { ask, server } = await serve(async () => {
    looks++
    await promise
    return EXAMINE()
  })
  let questions = 0
  server.on('request', () => questions++)
  const answers = [ask('/readable'), ask('/writable'), ask('/readable')]
  await expect.poll(() => questions, { timeout: 10_000 }).toBe(3)
  resolve()
  expect((await Promise.all(answers)).map(([status]) => status)).toEqual([200, 503, 200])
  expect(looks).toBe(1)
  await ask('/readable')
  expect(looks).toBe(2)
})

test('clients that say nothing do not keep their places from the others', async () => {
  const { port, ask } = await serve()
  const silent = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
  await Promise.all(silent.map(socket => once(socket, 'connect')))
  await expect(ask('/readable')).rejects.toThrow()
  await Promise.all(silent.map(socket => once(socket.resume(), 'close'))) // sooner than Node.js would by itself
  expect(await ask('/readable')).toEqual([200, 'readable: it replicates\n'])
}, 20_000)

test('a mistake in the program is an answer too, and not the end of the service', async () => {
  const { ask } = await serve(() => Promise.reject(new Error('so\nwrong')))
  expect(await ask('/readable')).toEqual([500, 'unexpected: Error: so wrong\n'])
  expect(await ask('/readable')).toEqual([500, 'unexpected: Error: so wrong\n'])
})
