import { runSeed } from './seeding.ts'

/** A seed in a process of its own, so that it can be killed. Its order is the first word. */
await runSeed(JSON.parse(process.argv[2] ?? ''))
