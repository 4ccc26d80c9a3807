import { join } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import manifest from '../package.json' with { type: 'json' }
import { loadSeldomUsedLate, STAND_INS } from './lean.ts'

const ROOT = join(import.meta.dirname, '..')
const MANIFEST = join(ROOT, 'package.json')

/** The program needs nothing of package.json but its version, and must not change when a build script does. */
const keepVersionAlone: Plugin = {
  name: 'keep-version-alone',
  setup(build) {
    build.onLoad({ filter: /package\.json$/ }, ({ path }) =>
      path === MANIFEST ? { contents: JSON.stringify({ version: manifest.version }), loader: 'json' } : undefined,
    )
  },
}

/**
 * One CommonJS file, as a single executable application wants it. A dynamic import becomes a module initialiser that
 * runs when it is reached: what an action does not import costs it nothing. Identifiers stay, for the stack of a bug.
 */
const OPTIONS = {
  absWorkingDir: ROOT, // what names of files are relative to: none may depend on where the checkout lies
  preserveSymlinks: true,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  supported: { 'dynamic-import': false }, // a real import() fails in code that comes from the code cache
  define: { 'import.meta.url': '"file:///usr/bin/heir"' }, // dependencies that are ESM make a require() from it
  alias: STAND_INS,
  plugins: [loadSeldomUsedLate, keepVersionAlone],
} as const satisfies BuildOptions

/** Bundle the program that starts at `entry` into `outfile`: an expression whose value is a function of `require`. */
export async function bundleProgram(entry: string, outfile: string): Promise<Metafile> {
  const wrapped = { banner: { js: '(require=>{' }, footer: { js: '})' } }
  const { metafile } = await build({ ...OPTIONS, ...wrapped, entryPoints: [entry], outfile })
  return metafile
}

/** Bundle a script that runs by itself. */
export async function bundleScript(entry: string, outfile: string): Promise<void> {
  await build({ ...OPTIONS, entryPoints: [entry], outfile })
}
