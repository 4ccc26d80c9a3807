import { spawnSync } from 'node:child_process'

/** Programs that the build needs beside npm's, and Debian's packages that have them. */
const PACKAGES = { strip: 'binutils', rpmbuild: 'rpm' } as const

/** Run such a program, showing what it complains about. Throws when it fails, and names the package when it is missing. */
export function runTool(name: keyof typeof PACKAGES, args: readonly string[]): void {
  const { status, error } = spawnSync(name, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    throw new Error(`${name} is missing: apt-get install ${PACKAGES[name]}`)
  }
  if (status !== 0) throw new Error(`${name} ended with ${status}`, { cause: error })
}
