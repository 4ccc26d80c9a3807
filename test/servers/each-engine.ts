import { afterAll, beforeAll, describe } from 'vitest'
import { ENGINES } from '../lab/engines.ts'
import { ServerFarm } from './farm.ts'

/** Define the same tests for every engine; the farm is open while they run. */
export function eachEngine(define: (farm: () => ServerFarm) => void): void {
  describe.each(Object.values(ENGINES))('$name', engine => {
    let farm: ServerFarm | undefined
    beforeAll(async () => {
      farm = await ServerFarm.open(engine)
    })
    afterAll(async () => {
      await farm?.[Symbol.asyncDispose]()
    })
    define(() => {
      if (farm === undefined) throw new Error('the servers were asked for before they were there')
      return farm
    })
  })
}
