import { RuntimeFile } from './runtime-file.ts'

/** For which promotion the program after a promotion was run last on this node: a promote that is repeated runs it once. */
export const hookRuns = (resource: string): RuntimeFile<{ readonly epoch: number }> => new RuntimeFile(resource, 'hook')
