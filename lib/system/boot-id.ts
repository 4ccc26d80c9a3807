import { readFile } from 'node:fs/promises'

const FILE = '/proc/sys/kernel/random/boot_id'

/** Which boot of this machine this is: eight hexadecimal digits that the kernel draws when it starts (random(4)). */
export async function bootId(): Promise<string> {
  return (await readFile(FILE, 'utf8')).slice(0, 8)
}
