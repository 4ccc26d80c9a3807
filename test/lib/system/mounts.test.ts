import { expect, test } from 'vitest'
import { remoteFileSystem } from '../../../lib/system/mounts.ts'

const MOUNTS = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
24 22 0:22 / /run rw,nosuid - tmpfs tmpfs rw
30 22 0:44 / /backup rw,relatime shared:5 - nfs4 nas:/backup rw,hard
31 30 8:2 / /backup/local rw - xfs /dev/sdb1 rw
32 22 0:50 / /mnt/two\\040words rw - fuse.sshfs nas:/ rw
`

test.each([
  ['/run/backup.lock', undefined],
  ['/backup/lock', 'nfs4'],
  ['/backup-2/lock', undefined],
  ['/backup/local/lock', undefined],
  ['/mnt/two words/lock', 'fuse.sshfs'],
])('%s: whether somebody else stands behind its file system', (path, type) => {
  expect(remoteFileSystem(path, MOUNTS)).toBe(type)
})

test('of several file systems at one place the last one counts', () => {
  expect(remoteFileSystem('/run/lock', `${MOUNTS}40 24 0:60 / /run rw - cifs //nas/run rw\n`)).toBe('cifs')
})

test('the list of this machine can be read', () => {
  expect(remoteFileSystem('/proc/self/status')).toBeUndefined()
})
