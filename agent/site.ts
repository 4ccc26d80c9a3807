import { isAway, type SourceRecord } from '../cib/source-record.ts'
import { contains } from '../lib/mysql/gtid-set.ts'
import { formatGtidSet } from '../lib/mysql/gtid-text.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { type Plan, proceed } from './plan.ts'
import { siteName } from './site-address.ts'
import type { AnsweringInstance, Situation } from './situation.ts'

// Two clusters at two sites. The one that has the ticket promotes; at the other one all follow the first one's writer address,
// and acknowledge nothing. Its memory names that address as its source, until the ticket comes.

/**
 * Why this site must not take writes; undefined where it may. The ticket alone is not believed: two of them, granted by hand,
 * would be two sources.
 */
export function whyNoTicket({ site }: Situation): string | undefined {
  if (site === undefined) return undefined
  const { ticket, granted, other } = site
  if (!granted) return `this site does not have the ticket ${ticket}: see "heir site"`
  return other.answers && other.writable
    ? `${siteName(site)} takes writes: it must stop first, with "heir site --give" there`
    : undefined
}

/** Whether only a look at the other site can tell what to do: nobody here is promoted, so far as this instance knows. */
export function mayTurn({ node, instance, memory: { record } }: Situation): boolean {
  return instance.state === 'unpromoted' && (record === undefined || record.node === node)
}

/**
 * Follow the other site: where this one may not take writes, has nobody who does, and the other one takes them. What this
 * site wrote last, and the other one lacks, shows when its instances compare themselves with the new source.
 */
export function turnAway(situation: Situation, facts: ServerFacts): Plan | undefined {
  const { node, site, source, memory } = situation
  const { record } = memory
  if (site === undefined || site.granted || !situation.byGtid) return undefined
  const { other } = site
  if (!other.answers || !other.writable || (source?.answers && source.writable)) return undefined
  if (record !== undefined && isAway(record) && record.node === siteName(site)) return undefined
  const away = recordAway(situation, facts, other)
  return away && proceed(`${node} and its site follow ${away.node} from now on`, [{ do: 'publish-away', record: away }])
}

function recordAway({ site, memory }: Situation, { flavour }: ServerFacts, other: AnsweringInstance) {
  if (site === undefined) return undefined
  const { host, port } = site
  const proven = hasTakenOver(memory, other)
  const before = memory.record?.doubted ?? []
  return {
    epoch: (memory.record?.epoch ?? 0) + 1,
    node: siteName(site),
    acks: 0,
    proven,
    doubted: proven ? before : [...new Set([...before, ...everybody(memory)])],
    boot: 'away',
    synced: true,
    host,
    port,
    server: other.serverUuid ?? String(other.serverId),
    binaryLog: { file: '', position: 0 },
    gtid: formatGtidSet(flavour, other.executed),
    previous: undefined,
  } satisfies SourceRecord
}

/** Who has acknowledged anything here. */
const everybody = ({ record, registrations }: Situation['memory']) => [
  ...(record === undefined || isAway(record) ? [] : [record.node]),
  ...registrations.keys(),
]

/** Whether the other site is known to have all that this one acknowledged: it has what this one ended with. */
function hasTakenOver({ record, handover }: Situation['memory'], other: AnsweringInstance): boolean {
  if (record === undefined || handover?.epoch !== record.epoch || handover.held.by !== 'gtid') return false
  return contains(other.executed, handover.held.set)
}
