import { describe, expect, test } from 'vitest'
import { type BinaryLogEvent, readEvents } from '../../../lib/mysql/binary-log-events.ts'
import { BufferBytes, FLAVOURS, fixture, LISTED_LOGS, listedEvents } from './binary-log-fixtures.ts'

const read = (log: Buffer): BinaryLogEvent[] => [...readEvents(new BufferBytes(log))]
const places = (events: readonly { position: number; size: number }[]) =>
  events.map(({ position, size }) => ({ position, size }))

const logs = FLAVOURS.flatMap(flavour => LISTED_LOGS.map(file => [flavour, file] as const))

describe.each(logs)('%s %s', (flavour, file) => {
  const log = fixture(flavour, file)
  const events = read(log)

  test('events stand where the server lists them', () => {
    const listed = listedEvents(flavour, file)
    expect(listed.length).toBeGreaterThan(2)
    expect(places(events.slice(0, listed.length))).toEqual(places(listed))
    // The last event of a clean shutdown was written after the list was taken.
    expect(events.length - listed.length).toBe(file === 'mysql-bin.000004' ? 1 : 0)
  })

  test('the end of the log is the end of its last event', () => {
    const last = events.at(-1)
    expect(last && last.position + last.size).toBe(log.length)
    expect(last?.kind).not.toBe('torn')
  })
})

describe.each(FLAVOURS)('%s', flavour => {
  test.each(['mysql-bin.000002', 'no-checksum'])(
    '%s, ended anywhere, yields its whole events and then the torn one',
    file => {
      const log = fixture(flavour, file)
      const events = read(log)
      for (let length = 4; length < log.length; length++) {
        const whole = events.filter(({ position, size }) => position + size <= length)
        const end = whole.reduce((_, { position, size }) => position + size, 4)
        const torn = end < length ? [{ kind: 'torn', position: end, size: length - end }] : []
        expect(read(log.subarray(0, length))).toEqual([...whole, ...torn])
      }
    },
  )
})

describe('a checksum that is wrong', () => {
  const log = fixture('mysql', 'mysql-bin.000003')
  const gtid = read(log).find(({ kind }) => kind === 'gtid')
  const start = gtid?.position ?? 0
  const end = start + (gtid?.size ?? 0)
  const damaged = Buffer.from(log)
  damaged.writeUInt8(damaged.readUInt8(start + 30) ^ 1, start + 30)

  test('tears the last event', () => {
    expect(read(damaged.subarray(0, end)).at(-1)).toEqual({ kind: 'torn', position: start, size: end - start })
  })

  test('makes a log unintelligible that goes on behind it', () => {
    expect(() => read(damaged)).toThrow('is damaged')
  })

  test('is not looked for where the log has none', () => {
    const plain = fixture('mariadb', 'no-checksum')
    expect(read(plain).map(({ kind }) => kind)).toContain('gtid')
  })

  test('is not seen in the mark of a log in use, which the server sets and clears in place', () => {
    const closed = Buffer.from(log)
    closed.writeUInt8(0, 4 + 17)
    expect(read(log)[0]).toMatchObject({ kind: 'format', inUse: true })
    expect(read(closed)[0]).toMatchObject({ kind: 'format', inUse: false })
  })
})

test('zeroes behind the last event, as a power loss leaves them, are torn', () => {
  const log = fixture('mysql', 'mysql-bin.000003')
  const events = read(Buffer.concat([log, Buffer.alloc(500)]))
  expect(events.at(-1)).toEqual({ kind: 'torn', position: log.length, size: 500 })
})

test.each([
  ['an encrypted log of MySQL', Buffer.from('fd62696e0300', 'hex'), 'encrypted'],
  ['an encrypted log of MariaDB', fixture('mariadb', 'encrypted'), 'encrypted'],
  ['text', Buffer.from('not a log at all'), 'no binary log'],
  ['an empty file', Buffer.alloc(0), 'no binary log'],
  [
    'a log without a format',
    Buffer.concat([Buffer.from('fe62696e', 'hex'), fixture('mysql', 'mysql-bin.000001').subarray(158)]),
    'does not begin with its format',
  ],
])('%s is refused', (_, log, problem) => {
  expect(() => read(log)).toThrow(expect.objectContaining({ kind: 'unintelligible' }))
  expect(() => read(log)).toThrow(problem)
})

test('a body too short for its type is refused where no checksum tells', () => {
  const log = Buffer.from(fixture('mysql', 'no-checksum'))
  const history = read(log).find(({ kind }) => kind === 'history')
  log.writeUInt8(99, (history?.position ?? 0) + 19 + 1) // the number of servers
  expect(() => read(log)).toThrow('too short')
})
