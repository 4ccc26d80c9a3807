import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Failure } from '../../lib/system/failure.ts'
import type { PowerAction } from './power-switch.ts'

/** One machine as the power switch shows it. */
export interface MachineStatus {
  readonly name: string
  readonly power: 'on' | 'off'
  readonly cable: 'plugged' | 'unplugged'
  /** Its first process as the host counts; 0 while the power is off. */
  readonly pid: number
}

/** Ask the power switch for an action; returns when it is done. Throws Failure `rejected` with the switch's reason. */
export async function power(socket: string, action: PowerAction, machine: string): Promise<void> {
  await request(socket, `${action} ${machine}`)
}

export async function powerStatus(socket: string): Promise<MachineStatus[]> {
  const lines = await request(socket, 'status')
  return lines.map(line => {
    const [name = '', power, cable, pid] = line.split(' ')
    return {
      name,
      power: power === 'on' ? 'on' : 'off',
      cable: cable === 'plugged' ? 'plugged' : 'unplugged',
      pid: Number(pid),
    }
  })
}

async function request(socket: string, line: string): Promise<string[]> {
  const connection = connect(socket)
  try {
    await once(connection, 'connect')
  } catch (cause) {
    throw new Failure('unreachable', `${socket}: no power switch answers, the lab is down`, { cause })
  }
  connection.end(`${line}\n`)
  const [verdict = '', ...rest] = (await text(connection)).trimEnd().split('\n')
  if (verdict !== 'ok') throw new Failure('rejected', `power switch: ${line}: ${verdict}`)
  return rest
}
