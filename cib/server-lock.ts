import { RuntimeFile } from './runtime-file.ts'

/**
 * The file that the running server of a resource holds locked for as long as it lives (flock(2)): whoever waits for the lock
 * learns of its death in that moment. Its text tells one life of the server from the next. It is removed before a server is
 * told to end, so that its end is no news then.
 */
export const serverLock = (resource: string): RuntimeFile<string> => new RuntimeFile(resource, 'server-lock')
