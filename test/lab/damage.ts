import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from './lab.ts'
import { nodeAddress } from './network-plan.ts'
import type { ExecOptions } from './rack.ts'

/** Run a program on a node; answers what it prints. Throws Failure `rejected` with its words when it fails. Default deadline: 90 s. */
export async function runOn(
  lab: Lab,
  node: string,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<string> {
  const deadline = options.deadline ?? Deadline.in(90_000)
  const { exitCode, stdout, stderr } = await lab.exec(node, argv, { ...options, deadline })
  if (exitCode !== 0) throw new Failure('rejected', `${node}: ${argv.join(' ')}: ${stderr || stdout}`)
  return stdout
}

/** Send a signal to the database server of a node. */
export async function signalServer(lab: Lab, node: string, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
  await runOn(lab, node, ['sh', '-c', `kill -s ${signal} "$(cat /run/mysqld/mysqld.pid)"`])
}

/** Hand the source's role over by the agent's own command; returns when it is done. */
export async function switchOver(lab: Lab, target: string): Promise<void> {
  await runOn(lab, target, ['heir', 'switchover', '--to', target])
}

/** Put a node into standby, or take it back. */
export async function setStandby(lab: Lab, node: string, standby: 'on' | 'off'): Promise<void> {
  await runOn(lab, node, ['crm_standby', '--node', node, '--update', standby])
}

/** Throw away what the server of a node sends to the other nodes, until its power goes off; clients still get through. */
export async function dropReplication(lab: Lab, node: string): Promise<void> {
  await drop(lab, node, `ip daddr { ${lab.nodes.map(nodeAddress).join(', ')} } tcp sport 3306`)
}

/** Cut the link between a node and all other nodes, until it is mended or the node's power goes off; clients get through to each. */
export async function cutLink(lab: Lab, node: string): Promise<void> {
  const others = lab.nodes.filter(one => one !== node).map(nodeAddress)
  await drop(lab, node, `ip daddr { ${others.join(', ')} }`)
}

/** Undo what was done to the network of a node; also where nothing was. */
export async function mendLink(lab: Lab, node: string): Promise<void> {
  await runOn(lab, node, ['nft', 'flush', 'ruleset'])
}

/** Throw away what a node sends. */
async function drop(lab: Lab, node: string, which: string): Promise<void> {
  const table = `table inet damage {\n chain out {\n type filter hook output priority 0;\n ${which} drop\n }\n}\n`
  await runOn(lab, node, ['nft', '--file', '-'], { input: table })
}

/** Let nothing pass between a node and these addresses, in neither direction, until `rejoin`, or until its power goes off. */
export async function separate(lab: Lab, node: string, addresses: readonly string[]): Promise<void> {
  const chain = (name: string, hook: string, field: string) =>
    ` chain ${name} {\n  type filter hook ${hook} priority 0;\n  ip ${field} { ${addresses.join(', ')} } drop\n }\n`
  const table = `table inet damage {\n${chain('in', 'input', 'saddr')}${chain('out', 'output', 'daddr')}}\n`
  await runOn(lab, node, ['nft', '--file', '-'], { input: table })
}

/** End what `separate` has begun. */
export async function rejoin(lab: Lab, node: string): Promise<void> {
  await runOn(lab, node, ['nft', 'delete', 'table', 'inet', 'damage'])
}

/** As a backup does it: whatever is received stays in the relay log. Returns when that is over, or when the server ends the session. */
export async function blockApplier(lab: Lab, node: string, seconds: number): Promise<void> {
  const argv = [lab.engine.client, '--execute', `FLUSH TABLES WITH READ LOCK; DO SLEEP(${seconds})`]
  await lab.exec(node, argv, { deadline: Deadline.in((seconds + 30) * 1000) })
}

export const STOP_APPLIER = { mysql: 'STOP REPLICA SQL_THREAD', mariadb: 'STOP SLAVE SQL_THREAD' } as const
export const START_APPLIER = { mysql: 'START REPLICA SQL_THREAD', mariadb: 'START SLAVE SQL_THREAD' } as const

/** As an administrator does by accident: the server's own guard is lifted for it. */
export function unguarded({ engine: { flavour } }: Lab, sql: string): string {
  return flavour === 'mariadb' ? sql : `SET GLOBAL super_read_only = OFF; ${sql}; SET GLOBAL super_read_only = ON`
}
