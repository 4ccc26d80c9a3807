import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleProgram } from './bundle.ts'
import { makeExecutable } from './executable.ts'
import { makeWhenChanged } from './fingerprint.ts'
import { noticesOf } from './notices.ts'
import { DIST, EXECUTABLE, NOTICES } from './products.ts'

const ROOT = join(import.meta.dirname, '..')
const INPUTS = ['agent', 'cib', 'lib', 'packaging', 'package.json', 'package-lock.json']

async function make(): Promise<void> {
  await mkdir(DIST, { recursive: true })
  const workspace = await mkdtemp(join(DIST, 'build-'))
  try {
    const program = join(workspace, 'heir.cjs')
    const metafile = await bundleProgram(join(ROOT, 'agent/main.ts'), program)
    await writeFile(NOTICES, await noticesOf(metafile))
    await makeExecutable(program, join(workspace, 'heir'), workspace)
    await rename(join(workspace, 'heir'), EXECUTABLE)
  } finally {
    await rm(workspace, { recursive: true })
  }
}

/** Build the executable, when something that it is made of changed. */
export async function build(): Promise<void> {
  const made = await makeWhenChanged(
    EXECUTABLE,
    INPUTS.map(input => join(ROOT, input)),
    make,
  )
  const { size } = await stat(EXECUTABLE)
  console.log(`dist/heir: ${(size / 1e6).toFixed(1)} MB, ${made ? 'built' : 'up to date'}`)
}

if (import.meta.main) await build()
