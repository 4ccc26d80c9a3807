import { join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

/** Where the products lie. */
export const DIST = join(import.meta.dirname, '../dist')

/** The executable. */
export const EXECUTABLE = join(DIST, 'heir')

/** The notices of every package within the executable. */
export const NOTICES = join(DIST, 'NOTICES')

/** The package that users install. */
export const RPM = join(DIST, `heir-${manifest.version}-1.x86_64.rpm`)
