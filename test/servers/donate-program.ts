import { donate } from '../../agent/commands/donate.ts'
import { UNWATCHED } from '../agent/commands/unwatched.ts'
import { RECIPIENT } from './seed-fakes.ts'

/** The donor in a process of its own, with the tools of its own node on its path. */
const { done, sentence } = await donate({ resource: 'db', to: RECIPIENT }, UNWATCHED)
console.log(sentence)
process.exit(done ? 0 : 1)
