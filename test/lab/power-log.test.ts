import { expect, test } from 'vitest'
import { parsePowerLog } from './power-log.ts'

const LOG = `(node:12) Warning: something of the runtime
2026-11-21T01:18:25.123Z on node1: ok after 80 ms
2026-11-21T01:18:30.001Z reboot node2: node2: its first process ended, see it after 300 ms
caller lost: read ECONNRESET
`

test('every request to the power switch is read, and nothing else', () => {
  expect(parsePowerLog(LOG)).toEqual([
    { at: Date.UTC(2026, 10, 21, 1, 18, 25, 123), action: 'on', machine: 'node1', answer: 'ok' },
    {
      at: Date.UTC(2026, 10, 21, 1, 18, 30, 1),
      action: 'reboot',
      machine: 'node2',
      answer: 'node2: its first process ended, see it',
    },
  ])
})
