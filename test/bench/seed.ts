import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Deadline } from '../../lib/system/deadline.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import type { EngineName } from '../lab/engines.ts'
import { upWithHeir } from '../lab/heir-cluster.ts'
import { WriteLoad } from '../lab/write-load.ts'
import { MeasurementFile } from './measurement-file.ts'
import { byHand, bySeed, fill, type SeedRun } from './seed-run.ts'
import { columns } from './table.ts'

const settled = () => Deadline.in(600_000)

/** Seed an empty node of a cluster under load that has so much data, beside copies by hand on a replica of the same cluster. */
export async function benchSeed(engine: EngineName, rounds: number, gigabytes: number): Promise<void> {
  await makePackage()
  await using lab = await upWithHeir({ engine, name: 'bench', progress: console.log })
  const found = new MeasurementFile<SeedRun>('seed', engine)
  await found.noteVersions(lab)
  const source = await waitUntilCertified(lab, settled())
  const [recipient = '', other = ''] = lab.nodes.filter(node => node !== source)
  await fill(lab, source, gigabytes * 1e9)
  const record = join(tmpdir(), `bench-${process.pid}.record`)
  const load = await WriteLoad.start(lab, { record, rate: 200, seconds: 24 * 3600 })
  for (let round = 1; round <= rounds; round++) {
    for await (const run of byHand(lab, other)) await found.add(run)
    await found.add(await bySeed(lab, recipient))
    await waitUntilCertified(lab, settled())
  }
  await load.stop()
  await rm(record)
  console.log(`\n${engine}, ${gigabytes} GB, under load\n\n${seedTable(found.runs)}`)
}

/** Every run as a row: how long it took, and how fast that is. */
function seedTable(runs: readonly SeedRun[]): string {
  const rows = runs.map(({ way, bytes, milliseconds }) => [
    way,
    (bytes / 1e6).toFixed(0),
    (milliseconds / 1000).toFixed(1),
    (bytes / 1e3 / milliseconds).toFixed(0),
  ])
  return columns([['way', 'MB', 's', 'MB/s'], ...rows])
}
