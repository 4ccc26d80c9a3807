import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'vitest'
import { drainRelayLog } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { startReplication, stopReceiver } from '../../lib/mysql/replication.ts'
import { armReplica, armSource } from '../../lib/mysql/semi-sync.ts'
import { ENGINES } from '../lab/engines.ts'
import { ServerFarm } from './farm.ts'
import { sourceAt, startPair } from './pair.ts'
import { soon } from './test-server.ts'

const say = (...x: unknown[]) => console.log(...x.map(y => (typeof y === 'string' ? y : JSON.stringify(y))))

test.each(['mariadb-10.11', 'mariadb-11.8'] as const)('%s', async name => {
  await using farm = await ServerFarm.open(ENGINES[name])
  const parallel = process.env['PARALLEL'] ?? '0'
  const { source, replica } = await startPair(farm, ['binlog_format=ROW', `slave_parallel_threads=${parallel}`])
  await armSource(...source.talk, 1, soon())
  await armReplica(...replica.talk, soon())
  await stopReceiver(...replica.talk, soon())
  await startReplication(...replica.talk, soon())
  let bad = 0,
    lost = 0,
    undrained = 0,
    all = 0
  const errors: string[] = []
  for (let run = 0; run < 25; run++) {
    let go = true
    const before = Number(await source.value('SELECT COALESCE(MAX(id), 0) FROM d.t'))
    const acks: number[] = []
    const writers = Array.from({ length: 6 }, async (_, w) => {
      const s = await source.session()
      for (let i = 0; go; i++) {
        const id = before + 1 + w + i * 6
        try {
          await s.query(`INSERT INTO d.t VALUES (${id}, 'x')`, soon())
          acks.push(id)
        } catch {
          return
        }
      }
      s.close()
    })
    if (run % 6 === 0) await replica.query('STOP REPLICA SQL_THREAD')
    if (run % 6 === 3) await replica.query('FLUSH RELAY LOGS')
    await sleep(200 + Math.random() * 400)
    await replica.kill()
    go = false
    await source.kill()
    await Promise.all(writers)
    await replica.start()
    const had = Number(await replica.value('SELECT COUNT(*) FROM d.t'))
    try {
      await drainRelayLog(...replica.talk, soon())
    } catch (e) {
      bad++
      errors.push((e as Error).message.slice(0, 200))
    }
    const ids = new Set((await replica.query('SELECT id FROM d.t')).map(r => Number(r['id'])))
    if (ids.size > had) undrained++
    const missing = acks.filter(id => !ids.has(id)).length
    lost += missing
    all += acks.length
    if (missing)
      say(name, 'run', run, 'acked', acks.length, 'had', had, 'after drain', ids.size, 'missing acked', missing)
    await source.start()
    for (const st of source.flavour.openWrites) await source.query(st)
    try {
      await follow(...replica.talk, sourceAt(source), soon())
      await armReplica(...replica.talk, soon())
      await sleep(400)
      await stopReceiver(...replica.talk, soon())
      await startReplication(...replica.talk, soon())
      await sleep(200)
      await armSource(...source.talk, 1, soon())
      await sleep(200)
    } catch (e) {
      say('again', (e as Error).message)
      break
    }
  }
  const sum = 'SELECT COUNT(*), COALESCE(SUM(id), 0), COALESCE(SUM(CRC32(content)),0) FROM d.t'
  say(
    name,
    'errors',
    bad,
    errors,
    'acked',
    all,
    'lost',
    lost,
    'runs with something to drain',
    undrained,
    await source.query(sum),
    await replica.query(sum),
    (await replica.facts()).replication?.applierError ?? 'no applier error',
  )
})
