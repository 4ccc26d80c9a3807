import { join } from 'node:path'

/** Where the parts of a seed are, all inside the data directory: so they share its file system, whatever is mounted there. */
export interface Staging {
  /** Readable for the server's user alone: it holds data, and the socket of a server without passwords. */
  readonly directory: string
  /** The new data. */
  readonly data: string
  /** The data of a server that only helps to fetch them. */
  readonly helper: string
  /** What the server is to find beside its binary log, which may be elsewhere; MariaDB alone. */
  readonly state: string
}

/** The places in which new data are got ready beside the old ones in this data directory. */
export function stagingOf(dataDirectory: string): Staging {
  const directory = join(dataDirectory, STAGING)
  return {
    directory,
    data: join(directory, 'data'),
    helper: join(directory, 'helper'),
    state: join(directory, 'binary-log.state'),
  }
}

/** Name of the directory; servers ignore what begins with a dot. */
export const STAGING = '.heir-seed'
