import { isAway } from '../../cib/source-record.ts'
import type { Place } from '../observe-site.ts'
import { siteName } from '../site-address.ts'
import type { InstanceView } from '../situation.ts'
import type { OpenLog } from './command-session.ts'
import { openSession } from './command-session.ts'
import { type PromotionReport, refused } from './promotion.ts'
import { giveSite } from './site-give.ts'
import { endOf, lookAcross, lookAtSite, type SiteLook } from './site-look.ts'
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
    const [look, across] = await Promise.all([lookAtSite(place, session), lookAcross(place, session)])
    return { done: true, sentence: describeSite(look, place, across) }
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

/** What a site is, and what the other one looks like from here: a line for each thing to know. */
export function describeSite(look: SiteLook, place: Place, across: InstanceView): string {
  const { granted, booths, promoted, memory } = look
  return [
    `this site ${granted ? 'has' : 'does not have'} the ticket ${place.ticket}${booths ? ', which booth grants' : ''}`,
    promoted === undefined ? 'nobody is promoted here' : `${promoted} is promoted and takes writes`,
    ...lastSource(look),
    ...(endOf(memory) !== undefined && promoted === undefined ? ['what it ended with is known'] : []),
    `${siteName(place)}, where writers reach the other site, ${seen(across)}`,
  ].join('\n')
}

function lastSource({ memory: { record } }: SiteLook): readonly string[] {
  if (record === undefined) return ['there has been no source yet']
  const whose = isAway(record) ? `${record.node}, the other site` : `${record.node}, at this site`
  const isFirst = isAway(record) && record.doubted.length === 0 // nobody here had acknowledged anything
  const gap = record.proven || isFirst ? '' : '; what was acknowledged before it may be missing there'
  return [`the last source known here is ${whose}, in epoch ${record.epoch}${gap}`]
}

/** The address is where somebody is promoted, and nowhere else. */
function seen(across: InstanceView): string {
  if (!across.answers) return `does not answer: nobody is promoted there, or it cannot be reached`
  return across.writable ? 'takes writes' : 'takes no writes'
}
