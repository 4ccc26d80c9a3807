/*
 * `node code-cache.ts PROGRAM CACHE SOCKET`: run the action that Pacemaker runs for ever, and keep what V8 compiled for it.
 * The action finds the same world on every computer, so that the cache is the same: a server, no process, no program.
 */
import fs, { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'
import { standInForServer } from './stand-in-server.ts'

const [program = '', cache = '', socket = ''] = process.argv.slice(2)
const script = new Script(readFileSync(program, 'latin1'), { filename: 'heir.cjs' })
process.on('exit', () => {
  writeFileSync(cache, script.createCachedData())
  process.exitCode = 0
})

const load = createRequire(import.meta.url)
const withoutProcesses = { ...fs, readdirSync: () => [] } // of /proc
process.argv = [process.execPath, 'heir', 'monitor']
process.env = {
  PATH: '/nonexistent',
  OCF_RESKEY_socket: socket,
  OCF_RESKEY_datadir: '/nonexistent',
  OCF_RESKEY_pid: '/nonexistent/pid',
  OCF_RESKEY_CRM_meta_on_node: 'node1',
  OCF_RESKEY_CRM_meta_timeout: '5000',
}
standInForServer(socket)
script.runInThisContext()((name: string) => (/^(?:node:)?fs$/.test(name) ? withoutProcesses : load(name)))
