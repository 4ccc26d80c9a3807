import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { binaryLogs } from '../../lib/mysql/binary-log-files.ts'
import type { BinaryLog } from '../../lib/mysql/tail-reading.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from '../lab/lab.ts'
import { nodeNumber } from '../lab/network-plan.ts'
import { BufferBytes } from '../lib/mysql/binary-log-fixtures.ts'
import { collectRuns, type LogRun, type Origin, PRECISION_MS, readOrigins } from './log-runs.ts'

const READING_MS = 60_000

/**
 * The runs in the binary logs of every node, from an instant on, and in the tails that the agent cut off them and kept.
 * Read from the nodes' disks: the servers go on meanwhile. Throws Failure when a node is off, or a log cannot be read.
 */
export async function observeLogs(lab: Lab, since: number): Promise<LogRun[]> {
  const nodeOf = await owners(lab)
  const machines = (await lab.status()).filter(({ name }) => lab.nodes.includes(name))
  return machines.flatMap(({ name, power, pid }) => {
    if (power === 'off') throw new Failure('unreachable', `${name}: its logs cannot be read, the power is off`)
    const disk = join('/proc', String(pid), 'root')
    const dataDirectory = join(disk, 'var/lib/mysql')
    const logs = binaryLogs({ indexFile: 'binlog.index', dataDirectory }, Deadline.in(READING_MS))
    // What was not written since then holds nothing from then on.
    const recent = logs.filter(({ file }) => isFrom(file, since))
    const from = since - PRECISION_MS[lab.engine.flavour]
    return [
      ...collectRuns(name, originsOf(recent), from, nodeOf),
      ...cutTails(disk, since).flatMap(cut => collectRuns(`${name}, cut off`, originsOf([cut]), from, nodeOf)),
    ]
  })
}

/** The agent keeps what it cuts as binary logs, in a directory for each cut. */
function cutTails(disk: string, since: number): BinaryLog[] {
  const place = join(disk, 'var/lib/heir')
  if (!existsSync(place)) return []
  const files = globSync('*/binlog.*', { cwd: place, exclude: ['**/*.partial'] }).map(path => join(place, path))
  return files.filter(file => isFrom(file, since)).map(file => ({ file, bytes: new BufferBytes(readFileSync(file)) }))
}

function isFrom(file: string, since: number): boolean {
  return statSync(file).mtimeMs >= since
}

function* originsOf(logs: readonly BinaryLog[]): Generator<Origin> {
  for (const { bytes } of logs) yield* readOrigins(bytes)
}

/** Who is behind a key of a GTID set: MySQL's server UUIDs are asked for, MariaDB's keys end with the server's number. */
async function owners(lab: Lab): Promise<(key: string) => string> {
  const names = new Map<string, string>()
  for (const node of lab.nodes) {
    const [[uuid = ''] = []] = lab.engine.flavour === 'mysql' ? await lab.sql(node, 'SELECT @@server_uuid') : []
    names.set(lab.engine.flavour === 'mysql' ? uuid : String(nodeNumber(node)), node)
  }
  const ownerOf = (key: string) => (lab.engine.flavour === 'mysql' ? key.slice(0, 36) : (key.split('-').at(-1) ?? ''))
  return key => names.get(ownerOf(key)) ?? key
}
