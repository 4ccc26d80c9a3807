import type { ProcessId } from '../lib/system/process-table.ts'
import { RuntimeFile } from './runtime-file.ts'

/** Which process seeds the instance of a resource on this node; one that is dead was interrupted. */
export const seedWorker = (resource: string): RuntimeFile<ProcessId> => new RuntimeFile(resource, 'seeding')

/** Which process sees to it that a seed by policy goes on when that one is killed. */
export const seedWatcher = (resource: string): RuntimeFile<ProcessId> => new RuntimeFile(resource, 'seeding-watched')

/** Which process sends the data of this node to another one, and for which request. */
export const donorWorker = (resource: string, recipient: string): RuntimeFile<{ readonly nonce: string }> =>
  new RuntimeFile(resource, `donating-${recipient}`)
