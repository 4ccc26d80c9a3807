import { canonical, parseAddress } from '../../cib/snippets/address.ts'
import { boothConfiguration } from '../../cib/snippets/booth.ts'
import { withBooth } from '../../cib/snippets/booth-site.ts'
import type { Configuration } from '../../cib/snippets/configuration.ts'
import type { Parameters } from '../parameters.ts'
import type { Answer } from './configure.ts'
import { type ConfigureArguments, nodesOf } from './configure-request.ts'
import { duplicate } from './settings.ts'

/** What grants the ticket of two sites; or why nothing can be said. */
export function boothText({ boothSite, arbitrator }: ConfigureArguments, { site_ticket: ticket }: Parameters): Answer {
  if (ticket === undefined) return { refusal: NO_TICKET }
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

const NO_TICKET = 'there is no ticket: add --set site_ticket=NAME and --set site_source=HOST:PORT'

/** The cluster with booth of this site in it, where its address is given; or why that makes no sense. */
export function atBooth(
  cluster: Configuration,
  words: ConfigureArguments,
  { site_ticket: ticket }: Parameters,
): Configuration | { readonly refusal: string } {
  const { boothVip, boothSite, resource, nic } = words
  if (boothVip === undefined) return cluster
  if (ticket === undefined) return { refusal: NO_TICKET }
  const address = parseAddress(boothVip)
  if (address === undefined)
    return { refusal: `booth address ${boothVip} is not an IP address with a prefix: write it as 10.0.0.200/24` }
  if (boothSite.length > 0 && !boothSite.some(site => canonical(site) === address.ip))
    return { refusal: `booth address ${address.ip} of this site is none of ${boothSite.join(', ')}: add --booth-site` }
  return withBooth(cluster, { resource, nodes: nodesOf(words), address, nic })
}
