/**
 * The write client: writers that insert rows at a steady pace, and a record of every attempt.
 *
 *   client.ts --host ADDRESS --record FILE [--writers N] [--seconds S] [--rate PER_SECOND] [--mixed]
 *
 * With --mixed not only single rows: see mixedHabit().
 *
 * Says `writing` when it begins. Ends after so many seconds, or on SIGTERM, with every attempt in the record.
 */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { mixedHabit, SINGLE_ROWS } from './write-habit.ts'
import { recordLine } from './write-record.ts'
import { write } from './writer.ts'

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '' },
    record: { type: 'string', default: '' },
    writers: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '400' },
    mixed: { type: 'boolean', default: false },
  },
})

const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
const timer = setTimeout(() => stop.abort(), Number(values.seconds) * 1000)

const record = createWriteStream(values.record, { flags: 'a' })
await once(record, 'open')
const count = Number(values.writers)
const run = Date.now().toString(36)
const writers = Array.from({ length: count }, (_, index) =>
  write({
    name: `${run}.${index + 1}`,
    host: values.host,
    habit: values.mixed ? mixedHabit(index) : SINGLE_ROWS,
    intervalMs: (count * 1000) / Number(values.rate),
    signal: stop.signal,
    record: attempt => record.write(recordLine(attempt)),
  }),
)
console.log('writing')
await Promise.all(writers)
clearTimeout(timer)
record.end()
await once(record, 'finish')
process.exit() // half-closed connections to servers that are gone without a word would hold this process
