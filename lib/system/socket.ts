import { createConnection } from 'node:net'
import type { Deadline } from './deadline.ts'

/** Whether anything accepts connections on a Unix socket. One that does not say no within the deadline is taken to. */
export function accepts(path: string, deadline: Deadline): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(path)
    const answer = (accepted: boolean) => {
      socket.destroy()
      clearTimeout(timer)
      resolve(accepted)
    }
    const timer = setTimeout(() => answer(true), deadline.remainingMs)
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
