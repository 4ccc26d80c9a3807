import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Lab } from './lab.ts'
import type { LabOptions } from './lab-rack.ts'

/** What an administrator's terminal needs beside the environment that every program on a node gets. */
const TERMINAL = ['env', `TERM=${process.env['TERM'] ?? 'dumb'}`]

/** Bring up a lab that outlives this process. */
export async function up(options: LabOptions): Promise<void> {
  const begin = Date.now()
  await Lab.up({ ...options, owner: 'nobody', progress: console.log })
  console.log(`lab ${options.name} is up after ${((Date.now() - begin) / 1000).toFixed(1)} s`)
}

/** Take a lab down; one that is not up is down already. */
export async function down(name: string): Promise<void> {
  const lab = await Lab.find(name)
  await lab?.down()
}

/** Print a line for every machine: power, cable, and what the cluster runs there. */
export async function status(name: string): Promise<void> {
  const lab = await Lab.named(name)
  const [machines, cluster] = await Promise.all([lab.status(), lab.cluster()])
  console.log(`${lab.engine.name}, ${cluster === undefined ? 'no quorum' : 'quorate'}`)
  for (const { name, power, cable } of machines) {
    const resources = cluster?.resources.filter(({ node }) => node === name) ?? []
    const running = resources.map(({ id, role, failed }) => `${id} ${role}${failed ? ' FAILED' : ''}`)
    const state = cluster?.online.includes(name) ? ['online'] : []
    console.log([name.padEnd(7), power.padEnd(3), cable.padEnd(9), ...state, running.join(', ')].join(' '))
  }
}

/** Run a command on a node on this terminal; its exit code becomes ours. */
export async function exec(name: string, node: string, command: readonly string[]): Promise<void> {
  const lab = await Lab.named(name)
  const [file = '', ...args] = await lab.enter(node, [...TERMINAL, ...command])
  const [code] = await once(spawn(file, args, { stdio: 'inherit' }), 'exit')
  process.exitCode = code ?? 1
}

export async function shell(name: string, node: string): Promise<void> {
  await exec(name, node, ['bash', '--login'])
}

/** Load a configuration file; its name says which tool's commands are in it. */
export async function configure(name: string, file: string): Promise<void> {
  const lab = await Lab.named(name)
  await lab.configure(await readFile(file, 'utf8'), file.endsWith('.pcs') ? 'pcs' : 'crm')
}

/** Power a node off or on, pull its cable or plug it in again. */
export async function machineAction(
  name: string,
  action: 'off' | 'start' | 'cut' | 'heal',
  node: string,
): Promise<void> {
  const lab = await Lab.named(name)
  await lab[action](node)
}
