import { readWholeCib } from '../cib/cib-text.ts'
import { isGranted } from '../cib/ticket.ts'
import { Failure } from '../lib/system/failure.ts'
import { askInstance } from './observe-source.ts'
import type { Session } from './session.ts'
import type { InstanceView, SiteView } from './situation.ts'

/** Where the other site is, and the right to take writes. */
export type Place = Pick<SiteView, 'host' | 'port' | 'ticket'>

/** The other site is farther away than a source of this one; but a promotion may wait for the answer. */
const ASK_MS = 1000

/** Look whether this site has the ticket, and ask the other one. Throws Failure `rejected` where Pacemaker does not answer. */
export async function observeSite(place: Place, session: Session): Promise<SiteView> {
  const [cib, other] = await Promise.all([
    readWholeCib(session.deadline),
    askInstance(session, place.host, ASK_MS, place.port),
  ])
  return { ...place, granted: isGranted(place.ticket, cib), other }
}

const UNASKED: InstanceView = { answers: false, because: 'it has not been asked', silent: false }

/** The same without the other site. A demotion goes on where Pacemaker does not answer: undefined then. */
export async function noticeTicket(place: Place, session: Session): Promise<SiteView | undefined> {
  try {
    return { ...place, granted: isGranted(place.ticket, await readWholeCib(session.deadline)), other: UNASKED }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(error.message)
    return undefined
  }
}
