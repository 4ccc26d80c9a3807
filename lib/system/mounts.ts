import { readFileSync } from 'node:fs'

/** Those that another machine or process stands behind: where that one does not answer, a look at a file there never ends. */
const REMOTE = /^(nfs|cifs|smb|fuse\.|ceph|glusterfs|lustre|beegfs|9p|afs|autofs|gfs2|ocfs2)/

/**
 * The kind of file system that a path is on, if it may keep whoever looks waiting for ever; undefined for one of this machine.
 * By the kernel's list of what is mounted (proc(5), mountinfo): the path itself is not touched, and links on it are not seen.
 */
export function remoteFileSystem(path: string, mounts = readFileSync('/proc/self/mountinfo', 'utf8')) {
  let found = { at: '', type: '' }
  for (const line of mounts.split('\n')) {
    const [mount = '', source = ''] = line.split(' - ')
    const at = (mount.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    )
    const holds = path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`)
    if (at !== '' && holds && at.length >= found.at.length) found = { at, type: source.split(' ')[0] ?? '' }
  }
  return REMOTE.test(found.type) ? found.type : undefined
}
