import { grantTicket } from '../../cib/grant-ticket.ts'
import { isAway } from '../../cib/source-record.ts'
import { formatGtidSet } from '../../lib/mysql/gtid-text.ts'
import type { Place } from '../observe-site.ts'
import type { Session } from '../session.ts'
import { type PromotionReport, refused } from './promotion.ts'
import { endOf, lookAtSite, type SiteLook } from './site-look.ts'

/**
 * Stop taking writes at this site. Its source sees that all it wrote has been sent, and says with what it ended, for the other
 * site to check. Told again when it is given again, also where somebody else has taken the ticket back.
 */
export async function giveSite(place: Place, session: Session): Promise<PromotionReport> {
  const { deadline } = session
  const look = await lookAtSite(place, session)
  const { record } = look.memory
  if (record === undefined) return refused('this site has had no source yet: there is nothing to give')
  if (isAway(record)) return refused(`${record.node} has the source: run "heir site --give" there`)
  if (look.granted && look.booths)
    return refused(
      `booth has granted the ticket ${place.ticket} to this site: run "booth revoke ${place.ticket}" first, and then this`,
    )
  if (look.granted) await grantTicket(place.ticket, 'revoke', deadline)
  const ended = await deadline.poll(500, async () => {
    const now = await lookAtSite(place, session)
    return isEnded(now) ? now : undefined
  })
  if (ended === undefined) return refused(notEnded(await lookAtSite(place, session), place))
  return { done: true, sentence: await describeEnd(ended, session) }
}

const isEnded = ({ granted, promoted, memory }: SiteLook) =>
  !granted && promoted === undefined && endOf(memory) !== undefined

/** The source of the last epoch is not there, or could not say with what it ended. */
function notEnded({ promoted, memory, booths }: SiteLook, { ticket }: Place): string {
  const { record } = memory
  if (promoted !== undefined)
    return `${promoted} is still promoted though this site has given up ${ticket}: see crm_mon`
  const silence = `this site has given up ${ticket}, but ${record?.node} has not said with what it ended`
  const back = booths ? 'grant the ticket to this site again with "booth grant"' : RESUME
  return `${silence}: ${back}, as long as nobody is promoted on the other site; or let that one begin without the rest`
}

const RESUME = 'take the ticket back with "heir site --take --accept-loss" here'

async function describeEnd({ memory, booths }: SiteLook, session: Session): Promise<string> {
  const set = formatGtidSet((await session.talk()).flavour.name, endOf(memory) ?? new Map())
  const ended = `${memory.record?.node} has stopped taking writes, and ended with what follows`
  return booths
    ? `${ended}. On the other site run this, and grant it the ticket with "booth grant" then:\nheir site --prepare --holding ${set}`
    : `${ended}. On the other site run:\nheir site --take --holding ${set}`
}
