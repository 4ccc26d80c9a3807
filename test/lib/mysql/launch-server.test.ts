import { expect, test } from 'vitest'
import { remembersEvents } from '../../../lib/mysql/event-scheduler.ts'
import { type Launch, serverArguments } from '../../../lib/mysql/launch-server.ts'

const LAUNCH: Launch & { events: boolean } = {
  binary: '/usr/sbin/mysqld',
  config: '/etc/my.cnf',
  dataDirectory: '/data',
  socket: '/run/s',
  pidFile: '/run/p',
  errorLog: '/log',
  user: 'mysql',
  group: 'mysql',
  additional: ['--read-only=OFF', '--max-connections=7'],
  events: false,
}

test('the option file comes first, where alone the server takes it', () => {
  expect(serverArguments('mysql', LAUNCH)[0]).toBe('--defaults-file=/etc/my.cnf')
})

test.each(['mysql', 'mariadb'] as const)('what the user adds to %s does not open it', flavour => {
  const words = serverArguments(flavour, LAUNCH)
  expect(words.lastIndexOf('--read-only=ON')).toBeGreaterThan(words.indexOf('--read-only=OFF'))
  expect(words).toContain('--max-connections=7')
})

test('what is not given is not mentioned', () => {
  const words = serverArguments('mysql', { ...LAUNCH, config: undefined, errorLog: undefined })
  expect(words.filter(word => /defaults|log-error/.test(word))).toEqual([])
})

test('the relay log is kept and no acknowledgement is waited for, whatever the option files say', () => {
  expect(serverArguments('mysql', LAUNCH)).toEqual(
    expect.arrayContaining([
      ...['--super-read-only=ON', '--skip-replica-start=ON', '--relay-log-recovery=OFF'],
      ...['--loose-rpl-semi-sync-source-enabled=OFF', '--loose-rpl-semi-sync-master-enabled=OFF'],
    ]),
  )
  expect(serverArguments('mariadb', LAUNCH)).toEqual(
    expect.arrayContaining(['--skip-slave-start=ON', '--event-scheduler=OFF', '--rpl-semi-sync-master-enabled=OFF']),
  )
})

test.each([true, false])(
  'the command line of MariaDB remembers that its files have it run events (%s), and runs none',
  events => {
    const additional = ['--event-scheduler=ON', '--event-scheduler=OFF', '--event-scheduler=ON']
    const words = serverArguments('mariadb', { ...LAUNCH, additional, events })
    expect(remembersEvents(words)).toBe(events)
    expect(words.findLast(word => word.startsWith('--event-scheduler'))).toBe('--event-scheduler=OFF')
  },
)

test('a server that somebody else started remembers nothing', () => {
  expect(remembersEvents(['mariadbd', '--event-scheduler=ON'])).toBe(false)
  expect(remembersEvents(['mariadbd'])).toBe(false)
})

test('MySQL needs no telling', () => {
  expect(serverArguments('mysql', LAUNCH).filter(word => /event/.test(word))).toEqual([])
})
