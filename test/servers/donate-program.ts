import { donate } from '../../agent/commands/donate.ts'
import { SEED_METHODS } from '../../cib/seed-request.ts'
import { UNWATCHED } from '../agent/commands/unwatched.ts'
import { RECIPIENT } from './seed-fakes.ts'

/** The donor in a process of its own, with the tools of its own node on its path; writes the data out where it is told how. */
const method = SEED_METHODS.find(known => known === process.argv.at(-1))
const way = method === undefined ? { to: RECIPIENT } : { method }
const { done, sentence } = await donate({ resource: 'db', ...way }, { ...UNWATCHED, output: process.stdout })
process.stdout.write(`${sentence}\n`, () => process.exit(done ? 0 : 1))
