import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { explainFailures } from './explain-failures.ts'
import { type HeirClusterOptions, upWithHeir } from './heir-cluster.ts'
import type { Lab } from './lab.ts'
import { WriteLoad } from './write-load.ts'

/** A cluster with writers at work, for all tests of a file. Taken down at their end. */
export interface ClusterUnderLoad {
  readonly lab: Lab
  readonly load: WriteLoad
}

/** Bring the cluster up before the first test; answers how a test gets at it. `rate` is in transactions per second. */
export function clusterUnderLoad(options: HeirClusterOptions, rate = 200): () => ClusterUnderLoad {
  let directory = ''
  let lab: Lab | undefined
  let load: WriteLoad | undefined
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'heir-cluster-'))
    lab = await upWithHeir(options)
    load = await WriteLoad.start(lab, { record: join(directory, 'record'), rate })
  })
  afterAll(async () => {
    await load?.stop()
    await lab?.down()
    await rm(directory, { recursive: true })
  })
  return () => {
    if (lab === undefined || load === undefined) throw new Error('the cluster is not up')
    explainFailures(lab)
    return { lab, load }
  }
}
