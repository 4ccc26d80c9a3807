import { deletePropertyIf } from '../../cib/amendment.ts'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { readProperty, writeProperty } from '../../cib/cluster.ts'
import { grantTicket } from '../../cib/grant-ticket.ts'
import { formatHoldings } from '../../cib/holdings.ts'
import { isAway, type SourceRecord } from '../../cib/source-record.ts'
import { contains, type GtidSet, isEmpty, subtract } from '../../lib/mysql/gtid-set.ts'
import { describeGtidSet, parseGtidSet } from '../../lib/mysql/gtid-text.ts'
import type { Place } from '../observe-site.ts'
import { askInstance } from '../observe-source.ts'
import type { Session } from '../session.ts'
import { type PromotionReport, refused } from './promotion.ts'
import { lookAcross, lookAtSite, type SiteLook } from './site-look.ts'
import type { SiteRequest } from './site-options.ts'
import { takeObjection } from './take-objection.ts'

/**
 * Take writes at this site: not while the other one does, and not before an instance here holds what the other one ended
 * with, unless the loss of the rest is accepted.
 */
export async function takeSite(request: SiteRequest, place: Place, session: Session): Promise<PromotionReport> {
  const look = await lookAtSite(place, session)
  const { record } = look.memory
  if (look.granted && look.promoted !== undefined)
    return { done: true, sentence: `${look.promoted} is promoted already` }
  const objection = takeObjection(request, look, place, await lookAcross(place, session))
  if (objection !== undefined) return refused(objection)
  const obstacle = record && isAway(record) ? await prepare(request, record, look, session) : undefined
  if (obstacle !== undefined) return refused(obstacle)
  if (request.prepare) return { done: true, sentence: `this site is ready: grant it the ticket ${place.ticket}` }
  await grantTicket(place.ticket, 'grant', session.deadline)
  return awaitPromotion(place, session)
}

/** Let the next promotion know what it must hold; or why there must be none. */
async function prepare(
  { holding }: SiteRequest,
  record: SourceRecord,
  look: SiteLook,
  session: Session,
): Promise<string | undefined> {
  const name = ATTRIBUTES.handover(session.invocation.resource)
  if (holding === undefined) {
    const value = await readProperty(name, session.deadline)
    if (value !== undefined) await deletePropertyIf({ name, value }, session.deadline)
    return undefined
  }
  const { flavour } = await session.talk()
  const set = parseGtidSet(flavour.name, holding)
  const lacking = await awaitHolder(set, look.active, session)
  if (lacking !== undefined) {
    const gtids = describeGtidSet(flavour.name, lacking)
    return notArrived(gtids, look)
  }
  const held = { by: 'gtid', flavour: flavour.name, set } as const
  const text = formatHoldings({ epoch: record.epoch, held, sound: true, boot: 'away' })
  await writeProperty(name, text, session.deadline)
  return undefined
}

function notArrived(gtids: string, { booths }: SiteLook): string {
  const [back, forth] = booths
    ? ['grant the ticket to the other site again with "booth grant"', '"booth grant" for this site as it is']
    : ['run "heir site --take --accept-loss" on the other site', '--accept-loss in the place of --holding']
  const remedy = `${back}, which loses nothing as long as nobody is promoted here, and hand over again`
  return `no instance here has all of it, the best lacks ${gtids}: ${remedy}; or lose the rest, with ${forth}`
}

/** The share of the time for what is still on its way; the rest is for the promotion. */
const ARRIVAL_SHARE = 0.5

/** Wait until one of these nodes has executed a set; answers what the best of them lacks when none has in time. */
async function awaitHolder(set: GtidSet, nodes: readonly string[], session: Session): Promise<GtidSet | undefined> {
  let lacking = set
  const deadline = session.deadline.within(session.deadline.remainingMs * ARRIVAL_SHARE)
  const isThere = await deadline.poll(500, async () => {
    const views = await Promise.all(nodes.map(node => askInstance(session, node)))
    const answers = views.flatMap(view => (view.answers ? [view.executed] : []))
    for (const executed of answers) {
      const rest = subtract(set, executed)
      if (contains(lacking, rest)) lacking = rest
    }
    return isEmpty(lacking) || undefined
  })
  return isThere ? undefined : lacking
}

async function awaitPromotion(place: Place, session: Session): Promise<PromotionReport> {
  const promoted = await session.deadline.poll(500, async () => (await lookAtSite(place, session)).promoted)
  if (promoted !== undefined) return { done: true, sentence: `${promoted} is promoted` }
  return refused(
    `this site has the ticket ${place.ticket}, and nobody has been promoted in time: see crm_mon and the log`,
  )
}
