import { getRawAsset } from 'node:sea'
import { Script } from 'node:vm'
import { deedOf } from '../agent/deed.ts'
import { readInvocation } from '../agent/invocation.ts'

// A failover waits for a row of notifications that call for nothing: they end before the program is loaded.
if (process.argv.slice(2).join(' ') === 'notify' && deedOf('notify', readInvocation(process.env)) === 'nothing')
  process.exit()

// The first code of the executable. Node's own code cache for it would hold what V8 compiles before it runs anything;
// this one holds what an action turned out to need (code-cache.ts), which makes monitor a fifth cheaper.
const script = new Script(Buffer.from(getRawAsset('program')).toString('latin1'), {
  filename: 'heir.cjs',
  cachedData: Buffer.from(getRawAsset('code-cache')),
})
if (script.cachedDataRejected) process.emitWarning('code cache rejected: every action starts slower')
script.runInThisContext()(require)
