import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { whyClosed } from './closure.ts'
import { fitness } from './fitness.ts'
import { said } from './fitness-detail.ts'
import { judgeLag } from './lag.ts'
import { pairFitness } from './pair/fitness.ts'
import type { Situation } from './situation.ts'

/** What clients want from a server. */
export const CLIENT_ROLES = ['writable', 'readable'] as const

/** One of them. */
export type ClientRole = (typeof CLIENT_ROLES)[number]

/** Whether clients of a role may be sent to an instance, and why. */
export interface Readiness {
  readonly ready: boolean
  readonly because: string
}

/**
 * Whether clients may be sent here. Where the cluster manages the instance, its judgement counts, as monitor publishes it;
 * `managed` is false where there is no Pacemaker, and then the server alone says it.
 */
export function readiness(role: ClientRole, situation: Situation, managed: boolean): Readiness {
  const { instance, node } = situation
  if (!('facts' in instance)) {
    return { ready: false, because: 'because' in instance ? instance.because : `${node} is ${instance.state}` }
  }
  if (role === 'writable') return writable(situation, instance.facts)
  return managed ? managedReadable(situation) : readable(situation, instance.facts)
}

function writable(situation: Situation, facts: ServerFacts): Readiness {
  if (!facts.writable) return { ready: false, because: `${situation.node} takes no writes` }
  if (situation.pair !== undefined) return managedReadable(situation) // one that has applied what the other one wrote
  const closed = whyClosed(situation)
  return closed === undefined
    ? { ready: true, because: `${situation.node} takes writes` }
    : { ready: false, because: closed }
}

function managedReadable(situation: Situation): Readiness {
  const { readable: ready, because } = (situation.pair === undefined ? fitness : pairFitness)(situation)
  return { ready, because: because.replace(UNASKED, '') }
}

/** What monitor says of a source that it has asked in vain, and who looks at one server has not asked. */
const UNASKED = ', which is not there'

interface Rule {
  readonly because: (subject: Subject) => string
  readonly when: (subject: Subject) => boolean
  readonly ready: boolean
}

interface Subject extends Situation {
  readonly facts: ServerFacts
}

/** The first rule that holds decides; the last always holds. */
const RULES: readonly Rule[] = [
  { because: () => 'takes writes', ready: true, when: s => s.facts.writable },
  { because: () => 'follows no source', ready: false, when: s => s.facts.replication === undefined },
  {
    because: s => `has an applier that is stopped${said(s.facts.replication?.applierError)}`,
    ready: false,
    when: s => s.facts.replication?.applierRunning !== true,
  },
  {
    because: s => `has lost sight of its source${said(s.facts.replication?.receiverError)}`,
    ready: false,
    when: s => s.facts.replication?.receiver !== 'running',
  },
  {
    because: () => 'does not know how far it is behind its source',
    ready: false,
    when: s => s.facts.replication?.lagSeconds === undefined,
  },
  { because: s => `trails its source: ${lag(s)}`, ready: false, when: s => judgeLag(s).trails },
  { because: s => `replicates: ${lag(s)}`, ready: true, when: () => true },
]

function readable(situation: Situation, facts: ServerFacts): Readiness {
  const subject = { ...situation, facts }
  const { ready = false, because = () => 'is not known to be readable' } = RULES.find(({ when }) => when(subject)) ?? {}
  return { ready, because: `${situation.node} ${because(subject)}` }
}

const lag = (subject: Subject) => `${judgeLag(subject).because}, of ${subject.readers.maxLagSeconds} s allowed`
