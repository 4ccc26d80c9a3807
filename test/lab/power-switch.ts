import { createServer, type Server } from 'node:net'
import type { Machine } from './machine.ts'

const POWER_ACTIONS = ['on', 'off', 'reboot', 'cut', 'heal'] as const

export type PowerAction = (typeof POWER_ACTIONS)[number]

/** What a status line is made of. */
export type Listed = Pick<Machine, 'name' | 'hostPid' | 'plugged'>

/** Longer than any request takes; a silent caller does not hold a connection for ever. */
const CONNECTION_TIMEOUT_MS = 60_000

/**
 * The power switch's server: one request a connection, one line, `ACTION MACHINE` or `status`.
 * Answers `ok`, after a status with a line for each machine and for the client, or the reason why not.
 */
export function powerSwitch(machines: readonly Machine[], client: Listed): Server {
  return createServer({ allowHalfOpen: true }, socket => {
    socket.setTimeout(CONNECTION_TIMEOUT_MS, () => socket.destroy())
    socket.on('error', error => console.log(`caller lost: ${error.message}`))
    socket.once('data', async data => {
      const request = String(data).trim()
      const answer = request === 'status' ? status([...machines, client]) : await act(request, machines)
      socket.end(`${answer}\n`)
    })
  })
}

function status(listed: readonly Listed[]): string {
  const lines = listed.map(({ name, hostPid, plugged }) => {
    return `${name} ${hostPid === undefined ? 'off' : 'on'} ${plugged ? 'plugged' : 'unplugged'} ${hostPid ?? 0}`
  })
  return ['ok', ...lines].join('\n')
}

async function act(request: string, machines: readonly Machine[]): Promise<string> {
  const begin = Date.now()
  const answer = await obey(request, machines).catch((error: Error) => error.message)
  console.log(`${new Date(begin).toISOString()} ${request}: ${answer} after ${Date.now() - begin} ms`)
  return answer
}

async function obey(request: string, machines: readonly Machine[]): Promise<string> {
  const [word, name] = request.split(' ')
  const action = POWER_ACTIONS.find(action => action === word)
  if (action === undefined) return `${word} is none of ${POWER_ACTIONS.join(', ')}`
  const machine = machines.find(machine => machine.name === name)
  if (machine === undefined) return `there is no machine ${name}`
  await machine[action]()
  return 'ok'
}
