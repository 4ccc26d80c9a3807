import { access, constants } from 'node:fs/promises'
import { Failure } from '../lib/system/failure.ts'
import type { Parameters } from './parameters.ts'

/** Where distributions put the server. */
const USUAL_PLACES = ['/usr/sbin/mysqld', '/usr/sbin/mariadbd', '/usr/libexec/mysqld', '/usr/libexec/mariadbd'] as const

/** The server program: the one given, or the first in its usual place. Throws Failure `not-installed`. */
export async function findBinary({ binary }: Pick<Parameters, 'binary'>): Promise<string> {
  for (const path of binary === undefined ? USUAL_PLACES : [binary]) {
    if (await isExecutable(path)) return path
  }
  throw new Failure(
    'not-installed',
    binary === undefined
      ? 'no mysqld or mariadbd is in its usual place: install one, or set binary'
      : `binary ${binary} is not an executable file: correct binary`,
  )
}

const isExecutable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
