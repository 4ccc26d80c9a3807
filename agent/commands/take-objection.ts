import { isAway } from '../../cib/source-record.ts'
import type { Place } from '../observe-site.ts'
import { siteName } from '../site-address.ts'
import type { InstanceView } from '../situation.ts'
import type { SiteLook } from './site-look.ts'
import type { SiteRequest } from './site-options.ts'

type Wish = Pick<SiteRequest, 'holding' | 'acceptLoss' | 'prepare'>

/**
 * Why this site must not take writes, by what is said and seen, before anything is done; undefined where nothing is against it.
 * A site whose own source was the last one, by all that it knows, has no part in what the other one did since: only an answer
 * from there, or a person who has looked, shows that it did nothing. booth knows, and the first source of all has no rival.
 */
export function takeObjection(wish: Wish, look: SiteLook, place: Place, across: InstanceView): string | undefined {
  const { holding, acceptLoss, prepare } = wish
  const { record } = look.memory
  const other = siteName(place)
  if (across.answers && across.writable) return `${other} takes writes: run "heir site --give" there first`
  if (look.booths && !prepare)
    return `booth grants the ticket ${place.ticket}: run "heir site --prepare" in the place of --take, and then "booth grant"`
  if (record === undefined) return undefined
  if (isAway(record)) {
    return holding !== undefined || acceptLoss
      ? undefined
      : `nothing shows what ${record.node} ended with: add --holding as "heir site --give" says it there, or --accept-loss`
  }
  if (holding !== undefined)
    return `--holding is for what the other site ended with, and ${record.node} of this site is the last source known here: leave it out`
  if (across.answers || acceptLoss || prepare) return undefined
  return `${other} does not answer, and may have taken writes since ${record.node} was the source: make sure with "heir site" there that nobody is promoted, and add --accept-loss`
}
