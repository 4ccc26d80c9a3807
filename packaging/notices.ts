import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** The directory of the package that a bundled file belongs to, or undefined for a file of our own. */
function packageOf(file: string): string | undefined {
  return /^(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/.exec(file)?.[0]
}

async function noticeOf(directory: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(ROOT, directory, 'package.json'), 'utf8'))
  const files = (await readdir(join(ROOT, directory))).filter(name => /^(?:licen[cs]e|notice|copying)/i.test(name))
  const texts = await Promise.all(files.sort().map(name => readFile(join(ROOT, directory, name), 'utf8')))
  const author = manifest.author?.name ?? manifest.author ?? 'its authors'
  const body = texts.length > 0 ? texts.join('\n') : `By ${author}, under the licence ${manifest.license}\n`
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${body}`
}

/** The licences and notices of every package that left code in a bundle, one after the other. */
export async function noticesOf(metafile: Metafile): Promise<string> {
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
  const packages = [...new Set(files.flatMap(file => packageOf(file) ?? []))].sort()
  const notices = await Promise.all(packages.map(noticeOf))
  return notices.join(`\n${'-'.repeat(80)}\n\n`)
}
