/*
 * `node code-cache.ts PROGRAM CACHE DIRECTORY`: run what Pacemaker runs for ever and what a failover waits for, and keep what V8
 * compiled for it. The actions find the same world on every computer, so that the cache is the same.
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { standInForFiles, standInForTools } from './stand-in-machine.ts'
import { type ServerState, standInForServer } from './stand-in-server.ts'

const [program = '', cache = '', directory = ''] = process.argv.slice(2)

/** Who is where, and that a node is about to be promoted. */
const promoting = (node: string, type = '', operation = '') => ({
  OCF_RESKEY_CRM_meta_notify_active_uname: 'node1 localhost',
  OCF_RESKEY_CRM_meta_notify_demote_uname: 'localhost',
  OCF_RESKEY_CRM_meta_notify_promote_uname: node,
  OCF_RESKEY_CRM_meta_notify_type: type,
  OCF_RESKEY_CRM_meta_notify_operation: operation,
})

interface Call {
  readonly action: string
  readonly server: ServerState
  readonly environment: Readonly<Record<string, string>>
}

const REPLICA = { receiver: 'Yes', source: 'localhost', locked: '1' } as const
const STILL = { ...REPLICA, receiver: 'No' } as const
const SOURCE = { receiver: 'No', source: '', locked: '0' } as const

const CALLS: readonly Call[] = [
  { action: 'monitor', server: REPLICA, environment: { OCF_RESKEY_CRM_meta_interval: '10000' } },
  { action: 'notify', server: REPLICA, environment: promoting('node1', 'pre', 'demote') },
  { action: 'notify', server: REPLICA, environment: promoting('node1', 'pre', 'promote') },
  { action: 'promote', server: STILL, environment: promoting('node1') },
  { action: 'notify', server: STILL, environment: promoting('localhost', 'post', 'promote') },
  { action: 'demote', server: SOURCE, environment: promoting('localhost') },
]

const script = new Script(readFileSync(program, 'latin1'), { filename: 'heir.cjs' })
const start: (load: (name: string) => unknown) => void = script.runInThisContext()
const exit = process.exit
const [load, over] = [createRequire(import.meta.url), new Error('the action is over')]
const calls = CALLS.entries()

/** All of them in this process: what is read from a cache and written into another is not the same any more. */
async function next(): Promise<void> {
  const { value, done } = calls.next()
  if (done) return finish()
  const [number, { action, server, environment }] = value
  const [socket, tools] = [join(directory, `socket-${number}`), join(directory, `tools-${number}`)]
  const port = await standInForServer(socket, server)
  standInForTools(tools, port)
  process.exit = (exitCode: number) => {
    writeSync(1, `${action} ends with ${exitCode}\n`)
    if (exitCode !== 0) exit(1) // its reason is out
    setImmediate(next)
    throw over
  }
  process.removeAllListeners('uncaughtException') // of the action before
  process.argv = [process.execPath, 'heir', action]
  process.env = {
    PATH: tools,
    OCF_RESOURCE_INSTANCE: 'db',
    OCF_RESKEY_socket: socket,
    OCF_RESKEY_datadir: '/nonexistent',
    OCF_RESKEY_pid: '/nonexistent/pid',
    OCF_RESKEY_replication_port: String(port),
    OCF_RESKEY_replication_user: 'root',
    OCF_RESKEY_replication_passwd: 'root',
    OCF_RESKEY_CRM_meta_clone_max: '2',
    OCF_RESKEY_CRM_meta_notify: 'true',
    OCF_RESKEY_CRM_meta_on_node: 'node1',
    OCF_RESKEY_CRM_meta_promotable: 'true',
    OCF_RESKEY_CRM_meta_timeout: '20000', // on a busy machine each of its many processes takes its time
    ...environment,
  }
  const files = standInForFiles(port)
  start(name => files[name.replace('node:', '')] ?? load(name))
}

function finish(): void {
  writeFileSync(cache, script.createCachedData())
  exit(0)
}

process.on('unhandledRejection', reason => {
  if (reason !== over) throw reason
})
await next()
