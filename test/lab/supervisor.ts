/**
 * The process that a rack hangs off: first process of the rack's process namespace, owner of its network namespace, parent of its
 * machines. When it ends, the kernel ends everything that runs in the rack and takes every mount and cable away.
 *
 *   supervisor.ts DIRECTORY    (run by rack.ts)
 */
import { readFileSync } from 'node:fs'
import { Machine } from './machine.ts'
import { makeSwitch } from './network.ts'
import { powerSwitch } from './power-switch.ts'
import { ownHostPid } from './process-id.ts'
import { CLIENT, planFile, powerSocket, type RackPlan } from './rack-plan.ts'

/** A rack that everybody forgot does not run for ever. */
const LONGEST_LIFE_MS = 12 * 60 * 60 * 1000

const [, , directory = ''] = process.argv
const plan: RackPlan = JSON.parse(readFileSync(planFile(directory), 'utf8'))
setTimeout(() => process.exit(), LONGEST_LIFE_MS)
await makeSwitch(plan.switchAddress)
const machines = plan.machines.map(machine => new Machine(plan, machine))
const server = powerSwitch(machines, { name: CLIENT, hostPid: ownHostPid(), plugged: true })
server.listen(powerSocket(plan))
