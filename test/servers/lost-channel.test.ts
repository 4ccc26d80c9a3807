import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt, startPair } from './pair.ts'
import { SEEN, soon } from './test-server.ts'

/** The files in which MariaDB keeps whom it follows, and how far it got; MySQL keeps that in tables. */
const CHANNEL_FILES = /^(master|relay-log)\.info$/

/** What a file system makes of a file that was not synchronized. */
const DAMAGES: readonly (readonly [string, RegExp, (path: string) => void])[] = [
  ['both files are empty', CHANNEL_FILES, path => truncateSync(path)],
  ['one is empty', /^master.info$/, path => truncateSync(path)],
  ['the other is empty', /^relay-log.info$/, path => truncateSync(path)],
  ['both are full of zeros', CHANNEL_FILES, path => writeFileSync(path, Buffer.alloc(statSync(path).size))],
  ['both are gone', CHANNEL_FILES, path => rmSync(path)],
  ['one is gone', /^master.info$/, path => rmSync(path)],
  ['the other is gone', /^relay-log.info$/, path => rmSync(path)],
]

eachEngine(farm => {
  test.each(DAMAGES)(
    'a replica that lost with its power whom it followed follows again: %s',
    async (_, which, damage) => {
      const { source, replica } = await startPair(farm())
      await source.query("INSERT INTO d.t (content) VALUES ('before')")
      await awaitExecuted(...replica.talk, await readExecuted(...source.talk, soon()), soon())
      await replica.kill()
      const files = readdirSync(replica.launch.dataDirectory).filter(name => which.test(name))
      expect(files.length > 0).toBe(farm().engine.flavour === 'mariadb')
      for (const name of files) damage(join(replica.launch.dataDirectory, name))
      await replica.start()

      await follow(...replica.talk, sourceAt(source), soon())
      await source.query("INSERT INTO d.t (content) VALUES ('after')")
      expect(await awaitExecuted(...replica.talk, await readExecuted(...source.talk, soon()), soon())).toBe(true)
      await expect.poll(() => replica.value('SELECT COUNT(*) FROM d.t'), SEEN).toBe('2')
    },
  )
})
