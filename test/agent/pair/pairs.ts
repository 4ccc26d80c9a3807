import type { PairView } from '../../../agent/pair/pair-view.ts'
import { PAIR_TRANSITIONS } from '../../../agent/pair/transitions.ts'
import type { Plan } from '../../../agent/plan.ts'
import type { AnsweringInstance, Situation } from '../../../agent/situation.ts'
import { type Deed, decide } from '../../../agent/transitions.ts'
import { BLANK, type ClusterMemory } from '../../../cib/memory.ts'
import type { Notification } from '../../../cib/notification.ts'
import { parseMysqlGtidSet } from '../../../lib/mysql/mysql-gtid-set.ts'
import type { Replication, ServerFacts } from '../../../lib/mysql/server-facts.ts'
import {
  answering,
  BOOT,
  facts,
  notification,
  OWN_UUID,
  promoted,
  record,
  registration,
  replication,
  semiSync,
  situation,
  UUID,
} from '../situations.ts'

/** What alpha wrote, and what beta wrote: "1-5" and "1-7"; "" for nothing. */
export function writes(alpha: string, beta: string) {
  const text = [alpha && `${OWN_UUID}:${alpha}`, beta && `${UUID}:${beta}`].filter(part => part !== '').join(',')
  return parseMysqlGtidSet(text)
}

const OWN = record({ node: 'alpha', host: 'alpha', epoch: 3, server: OWN_UUID, gtid: `${OWN_UUID}:1-4,${UUID}:1-4` })
const ACKERS = (node: string, epoch: number) => new Map([[node, registration({ epoch })]])

/** alpha's own reign, with beta as its acker. */
export const reign = (change: Partial<ClusterMemory> = {}): ClusterMemory => ({
  ...BLANK,
  record: OWN,
  registrations: ACKERS('beta', 3),
  ...change,
})

/** beta's reign, with alpha as its acker. */
export const other = (change: Partial<ClusterMemory> = {}): PairView => ({
  other: 'beta',
  memory: { ...BLANK, record: record(), registrations: ACKERS('alpha', 7), ...change },
  hasReigned: true,
  settings: undefined,
})

export const server = (change: Partial<ServerFacts> = {}, channel: Partial<Replication> = {}) =>
  facts({
    executed: writes('1-10', '1-10'),
    replication: replication({ received: writes('', '1-10'), ...channel }),
    semiSync: semiSync({ sourceEnabled: true, ackers: 1 }),
    ...change,
  })

/** alpha takes writes beside beta. */
export const both = (change: Partial<Situation> = {}): Situation =>
  situation({ instances: 2, instance: promoted(server({ writable: true })), memory: reign(), pair: other(), ...change })

/** alpha, closed. */
export const closed = (
  change: Partial<Situation> = {},
  own: Partial<ServerFacts> = {},
  channel: Partial<Replication> = {},
) => both({ instance: { state: 'unpromoted', facts: server(own, channel) }, ...change })

export const beside = (change: Partial<Notification> = {}) =>
  notification({
    active: ['alpha', 'beta'],
    promoted: ['beta'],
    unpromoted: ['alpha'],
    promoting: ['alpha'],
    ...change,
  })
export const alone = notification({ active: ['alpha'], promoted: [], unpromoted: ['alpha'], promoting: ['alpha'] })
export const cold = notification({
  active: ['alpha', 'beta'],
  promoted: [],
  unpromoted: ['alpha', 'beta'],
  promoting: ['alpha', 'beta'],
})

export const beta = (alpha: string, own: string, change: Partial<AnsweringInstance> = {}) =>
  answering('', { executed: writes(alpha, own), ...change })

/** beta has published that it holds this much at the end of its epoch. */
export const published = (alpha: string, own: string, sound = true) => [
  {
    node: 'beta',
    holdings: { epoch: 7, sound, boot: BOOT, held: { by: 'gtid', flavour: 'mysql', set: writes(alpha, own) } },
  } as const,
]

export const plan = (deed: Deed, seen: Situation): Plan => decide(deed, seen, PAIR_TRANSITIONS)
export const steps = (deed: Deed, seen: Situation) => plan(deed, seen).steps.map(step => step.do)

/** alpha, closed and holding still, while beta does not answer. */
export const solitary = (change: Partial<Situation> = {}) =>
  closed(
    { notification: alone, source: { answers: false, because: 'refused', silent: true }, ...change },
    {},
    { receiver: 'stopped' },
  )

const FRESH = { ...other({ record: undefined, registrations: new Map() }), other: undefined, hasReigned: false }

/** The same before beta was ever promoted; beta has published what it holds. */
export const first = (alpha: string, own: string) => {
  const peers = published(alpha, own).map(({ node, holdings }) => ({ node, holdings: { ...holdings, epoch: 0 } }))
  return closed({ notification: cold, pair: FRESH, memory: BLANK, peers }, {}, { receiver: 'stopped' })
}
