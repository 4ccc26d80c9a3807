import { defineConfig } from 'vitest/config'

const MINUTE = 60_000

/** What runs apart from the unit tests, because it needs the executable, a server or a cluster. */
const SLOW = ['ocf', 'servers', 'cluster', 'scenarios']

/** Tests of one directory, one file after the other: they share the machine's servers and namespaces. */
const slow = (name: string, minutes: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    fileParallelism: false,
    testTimeout: minutes * MINUTE,
    hookTimeout: minutes * MINUTE,
  },
})

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: SLOW.map(name => `test/${name}/**`),
          testTimeout: MINUTE / 2,
          hookTimeout: MINUTE,
        },
      },
      slow('ocf', 1),
      slow('servers', 5),
      slow('cluster', 10),
      slow('scenarios', 10),
    ],
  },
})
