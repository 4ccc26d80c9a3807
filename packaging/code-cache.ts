import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'

// `node code-cache.ts PROGRAM CACHE ACTION`: run one action of the program and keep what V8 compiled for it.
// The action finds no server and no cluster, and fails; but not before it has loaded what it works with.
const [program = '', cache = '', action = ''] = process.argv.slice(2)
const script = new Script(readFileSync(program, 'latin1'), { filename: 'heir.cjs' })
process.on('exit', () => {
  writeFileSync(cache, script.createCachedData())
  process.exitCode = 0
})
process.argv = [process.execPath, 'heir', action]
script.runInThisContext()(createRequire(import.meta.url))
