import { type AcceptedLoss, parseAcceptedLoss } from './accepted-loss.ts'
import { ATTRIBUTES } from './attributes.ts'
import { parseCib } from './cib-text.ts'
import { type Guarantee, parseGuarantee } from './guarantee.ts'
import { type Holdings, parseHoldings } from './holdings.ts'
import { parseRegistration, type Registration } from './registration.ts'
import { parseSeedRequest, type SeedRequest } from './seed-request.ts'
import { parseSourceRecord, type SourceRecord } from './source-record.ts'

/** What the cluster remembers of one resource for good: everything that the agent keeps in the CIB's permanent part. */
export interface ClusterMemory {
  readonly record: SourceRecord | undefined
  readonly guarantee: Guarantee | undefined
  readonly handover: Holdings | undefined
  readonly acceptedLoss: AcceptedLoss | undefined
  /** By node name. */
  readonly registrations: ReadonlyMap<string, Registration>
  /** Who waits for another node's data, by node name. */
  readonly seedRequests: ReadonlyMap<string, SeedRequest>
  /** Why a node's data must not be used, by node name. */
  readonly quarantines: ReadonlyMap<string, string>
}

/** Nothing is remembered: a cluster that has had no source yet. */
export const BLANK: ClusterMemory = {
  record: undefined,
  guarantee: undefined,
  handover: undefined,
  acceptedLoss: undefined,
  registrations: new Map(),
  seedRequests: new Map(),
  quarantines: new Map(),
}

/**
 * Read it from the text of the CIB; `reign` is what the names of the source's attributes begin with, where each node is one.
 * Throws Failure `unintelligible`, naming the attribute, for a value of another form.
 */
export function parseMemory(resource: string, cib: string, reign = resource): ClusterMemory {
  const { properties, nodes } = parseCib(cib)
  const property = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const text = properties.get(name)
    return text === undefined ? undefined : parse(text)
  }
  const attribute = <T>(name: string, parse: (text: string) => T): ReadonlyMap<string, T> => {
    const found = [...nodes].flatMap(([node, pairs]) => [[node, pairs.get(name)] as const])
    return new Map(found.flatMap(([node, text]) => (text === undefined ? [] : [[node, parse(text)] as const])))
  }
  return {
    record: property(ATTRIBUTES.sourceRecord(reign), parseSourceRecord),
    guarantee: property(ATTRIBUTES.guarantee(reign), parseGuarantee),
    handover: property(ATTRIBUTES.handover(reign), parseHoldings),
    acceptedLoss: property(ATTRIBUTES.acceptedLoss(reign), parseAcceptedLoss),
    registrations: new Map(byNode(properties, ATTRIBUTES.acker(reign, ''), parseRegistration)),
    seedRequests: new Map(byNode(properties, ATTRIBUTES.seedRequest(resource, ''), parseSeedRequest)),
    quarantines: attribute(ATTRIBUTES.quarantine(resource), text => text),
  }
}

/** The cluster properties of which there is one for each node. */
function* byNode<T>(
  properties: ReadonlyMap<string, string>,
  prefix: string,
  parse: (text: string) => T,
): Generator<readonly [string, T]> {
  for (const [name, value] of properties) {
    if (name.startsWith(prefix)) yield [name.slice(prefix.length), parse(value)]
  }
}
