import type { Place } from '../observe-site.ts'
import type { Session } from '../session.ts'
import { siteName } from '../site-address.ts'
import type { OpenLog } from './command-session.ts'
import { openSession } from './command-session.ts'
import { type PromotionReport, refused } from './promotion.ts'
import { giveSite } from './site-give.ts'
import { lookAcross, lookAtSite } from './site-look.ts'
import type { SiteRequest } from './site-options.ts'
import { takeSite } from './site-take.ts'

/** Say which of two sites takes writes, or hand that over. */
export async function site(request: SiteRequest, openLog: OpenLog): Promise<PromotionReport> {
  const contradiction = contradictionIn(request)
  if (contradiction !== undefined) return refused(contradiction)
  const opened = await openSession(request.resource, request.timeout * 1000, openLog)
  if ('refusal' in opened) return refused(opened.refusal)
  const { session } = opened
  const { site_source: address, site_ticket: ticket } = session.parameters
  try {
    if (address === undefined || ticket === undefined)
      return refused(`${session.invocation.resource} has no other site: set site_source and site_ticket`)
    const place = { ...address, ticket }
    if (request.give) return await giveSite(place, session)
    if (request.take || request.prepare) return await takeSite(request, place, session)
    return { done: true, sentence: await describe(place, session) }
  } finally {
    session.hangUp()
  }
}

/** Why these words cannot be meant together; undefined where they can. */
function contradictionIn({ give, take, prepare, holding, acceptLoss }: SiteRequest): string | undefined {
  if ([give, take, prepare].filter(Boolean).length > 1)
    return '--give, --take and --prepare contradict each other: choose one'
  if (holding !== undefined && acceptLoss) return '--holding and --accept-loss contradict each other: choose one'
  if (prepare && acceptLoss) return '--accept-loss belongs to --take: with booth, booth grants the ticket'
  const isExtra = holding !== undefined || acceptLoss
  return isExtra && !take && !prepare ? '--holding and --accept-loss belong to --take: add it' : undefined
}

async function describe(place: Place, session: Session): Promise<string> {
  const [{ memory, granted, promoted }, across] = await Promise.all([
    lookAtSite(place, session),
    lookAcross(place, session),
  ])
  const { record } = memory
  const proven = record?.proven === false ? ', which may lack what the site before it acknowledged' : ''
  const other = across.answers ? (across.writable ? 'takes writes' : 'takes no writes') : 'does not answer'
  return [
    `this site ${granted ? 'has' : 'does not have'} the ticket ${place.ticket}`,
    promoted === undefined ? 'nobody is promoted here' : `${promoted} is promoted`,
    record === undefined ? 'no source is on record' : `the source on record is ${record.node}${proven}`,
    `${siteName(place)} ${other}`,
  ].join('\n')
}
