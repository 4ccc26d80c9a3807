import { canonical } from '../../cib/snippets/address.ts'
import { boothConfiguration } from '../../cib/snippets/booth.ts'
import type { Parameters } from '../parameters.ts'
import type { Answer } from './configure.ts'
import type { ConfigureArguments } from './configure-request.ts'
import { duplicate } from './settings.ts'

/** What grants the ticket of two sites; or why nothing can be said. */
export function boothText({ boothSite, arbitrator }: ConfigureArguments, { site_ticket: ticket }: Parameters): Answer {
  if (ticket === undefined)
    return { refusal: 'there is no ticket: add --set site_ticket=NAME and --set site_source=HOST:PORT' }
  if (boothSite.length < 2)
    return { refusal: 'booth needs the address that it has at each site: add --booth-site for both' }
  if (arbitrator.length === 0)
    return {
      refusal: 'of two sites neither can tell alone that the other is gone: add --arbitrator, an address elsewhere',
    }
  const addresses = [...boothSite, ...arbitrator]
  const wrong = addresses.find(text => canonical(text) === undefined)
  if (wrong !== undefined) return { refusal: `booth address ${wrong} is no IP address: write it as 10.0.0.200` }
  const twin = duplicate(addresses)
  if (twin !== undefined) return { refusal: `booth address ${twin} is given twice: use each address once` }
  return { text: boothConfiguration({ ticket, sites: boothSite, arbitrators: arbitrator }) }
}
