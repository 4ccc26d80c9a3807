import { afterAll, beforeAll } from 'vitest'
import { RESOURCE } from './heir-cluster.ts'
import { type Site, type TwoSites, type TwoSitesOptions, upWithTwoSites } from './two-sites.ts'

/** Two sites for all tests of a file. */
export interface SitesForAll {
  readonly up: () => TwoSites
  /** The site that takes writes, and the other one. */
  readonly inOrder: () => Promise<readonly [Site, Site]>
}

/** Bring them up before the first test, and down after the last one. */
export function sitesForAll(options: TwoSitesOptions): SitesForAll {
  let sites: TwoSites | undefined
  beforeAll(async () => {
    sites = await upWithTwoSites(options)
  }, 400_000)
  afterAll(async () => {
    await sites?.lab.down()
  }, 60_000)

  const up = (): TwoSites => {
    if (sites === undefined) throw new Error('the sites are not up')
    return sites
  }
  const inOrder = async (): Promise<readonly [Site, Site]> => {
    const { first, second } = up()
    return (await first.lab.roles(RESOURCE)).promoted.length > 0 ? [first, second] : [second, first]
  }
  return { up, inOrder }
}
