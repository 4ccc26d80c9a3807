import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectWhole, readMarker, type SeedMarker, writeMarker } from '../../../lib/seed/marker.ts'
import { contentOf, removeOld, replaceData } from '../../../lib/seed/replace-data.ts'
import { stagingOf } from '../../../lib/seed/staging.ts'
import { Deadline } from '../../../lib/system/deadline.ts'

const MARK: SeedMarker = {
  ...{ phase: 'receiving', donor: 'beta', intact: true, automatic: false },
  worker: { pid: 1, startTime: '2', boot: '3' },
}
const soon = () => Deadline.in(20_000)

let home: string
let dataDirectory: string
const replaced = () => ({ dataDirectory, binaryLogBase: join(home, 'logs', 'binlog'), relayLogBase: 'relay' })

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'heir-replace-'))
  dataDirectory = join(home, 'data')
  const { data, state } = stagingOf(dataDirectory)
  for (const directory of [join(dataDirectory, 'old'), join(home, 'logs'), join(data, 'new')]) {
    await mkdir(directory, { recursive: true })
  }
  for (const name of ['ibdata1', 'relay.000001', 'server-key.pem', 'mysqld-auto.cnf', 'mysqld.err']) {
    await writeFile(join(dataDirectory, name), 'old')
  }
  for (const name of ['binlog.000001', 'binlog.index', 'binlog.state', 'other.000001', 'binlog-notes.txt']) {
    await writeFile(join(home, 'logs', name), 'old')
  }
  await writeFile(join(data, 'ibdata1'), 'new')
  await writeFile(state, '0-1-5\n')
})
afterEach(() => rm(home, { recursive: true }))

async function expectReplaced(): Promise<void> {
  const names = (await readdir(dataDirectory)).sort()
  expect(names).toEqual(['ibdata1', 'mysqld-auto.cnf', 'mysqld.err', 'new', 'server-key.pem'])
  expect(await readFile(join(dataDirectory, 'ibdata1'), 'utf8')).toBe('new')
  expect((await readdir(join(home, 'logs'))).sort()).toEqual(['binlog-notes.txt', 'binlog.state', 'other.000001'])
  expect(await readFile(join(home, 'logs', 'binlog.state'), 'utf8')).toBe('0-1-5\n')
  await expectWhole(dataDirectory)
}

test('new data take the place of the old, with their logs; what belongs to the node stays', async () => {
  await writeMarker(dataDirectory, MARK)
  await replaceData(replaced(), MARK, soon())
  await expectReplaced()
})

test('cut short while the old data are deleted, it is done again', async () => {
  await writeMarker(dataDirectory, { ...MARK, phase: 'removing', intact: false })
  await rm(join(dataDirectory, 'old'), { recursive: true })
  await expect(expectWhole(dataDirectory)).rejects.toMatchObject({ kind: 'misconfigured' })
  const left = (await readMarker(dataDirectory)) ?? expect.fail('the marker is gone')
  await replaceData(replaced(), left, soon())
  await expectReplaced()
})

test('cut short while the new data are moved, what has been moved stays', async () => {
  await removeOld(replaced())
  await writeMarker(dataDirectory, { ...MARK, phase: 'moving', intact: false })
  await mkdir(join(dataDirectory, 'new'))
  await rm(join(stagingOf(dataDirectory).data, 'new'), { recursive: true })
  await expect(expectWhole(dataDirectory)).rejects.toMatchObject({ kind: 'misconfigured' })
  const left = (await readMarker(dataDirectory)) ?? expect.fail('the marker is gone')
  await replaceData(replaced(), left, soon())
  await expectReplaced()
})

test('cut short before the marker goes, only that is left to do', async () => {
  await writeMarker(dataDirectory, MARK)
  await replaceData(replaced(), MARK, soon())
  await writeMarker(dataDirectory, { ...MARK, phase: 'moving', intact: false })
  await replaceData(replaced(), { ...MARK, phase: 'moving' }, soon())
  await expectReplaced()
})

test('a marker that cannot be read keeps the server from starting as well', async () => {
  await writeFile(join(dataDirectory, '.heir-seed.json'), '')
  expect(await readMarker(dataDirectory)).toMatchObject({ phase: 'receiving', intact: false })
  await expect(expectWhole(dataDirectory)).rejects.toMatchObject({ kind: 'misconfigured' })
})

test('what a seed and the node keep there is no content', async () => {
  expect((await contentOf(dataDirectory)).toSorted()).toEqual(['ibdata1', 'old', 'relay.000001'])
})
