import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { electorate, readNotification, stayingPromoted } from '../../cib/notification.ts'

/** An environment as Pacemaker passed it, captured from a cluster of three nodes. */
function captured(name: string): Record<string, string> {
  const text = readFileSync(new URL(`notifications/${name}.env`, import.meta.url), 'utf8')
  const lines = text.split('\n').filter(line => line.includes('='))
  return Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
const read = (name: string) => {
  const notification = readNotification(captured(name))
  if (!notification) throw new Error(`${name} holds no notification`)
  return notification
}

test.each(['trixie-pre-promote-node2', 'bookworm-pre-promote-node1'])('%s names its event and the nodes', name => {
  const notification = read(name)
  expect(notification.event).toBe('pre-promote')
  expect(notification.promoting).toHaveLength(1)
  expect(notification.active.toSorted()).toEqual(['node1', 'node2', 'node3'])
})
test('the lists come with promote and demote too, without an event', () => {
  expect(read('trixie-promote-node2').event).toBeUndefined()
  expect(read('trixie-demote-node3').demoting).toEqual(['node3'])
})
test('a list of one blank is empty', () => {
  expect(read('trixie-promote-node2').starting).toEqual([])
})
test('the electorate leaves out who stops in this transition', () => {
  expect(electorate(read('trixie-promote-node2'))).toEqual(['node1', 'node2'])
})
test('who is demoted in this transition does not stay promoted', () => {
  expect(stayingPromoted(read('trixie-promote-node2'))).toEqual([])
})
test('the names of older releases are understood', () => {
  const env = captured('trixie-promote-node2')
  delete env['OCF_RESKEY_CRM_meta_notify_promoted_uname']
  expect(readNotification(env)?.promoted).toEqual(['node3'])
})
test('without the lists there is no notification', () => {
  expect(readNotification({ OCF_RESKEY_CRM_meta_timeout: '20000' })).toBeUndefined()
})
