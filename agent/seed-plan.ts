import { isAway, type SourceRecord } from '../cib/source-record.ts'
import { type GtidSet, isEmpty, subtract } from '../lib/mysql/gtid-set.ts'
import { formatGtidSet } from '../lib/mysql/gtid-text.ts'
import type { SeedPhase } from '../lib/seed/marker.ts'
import { doubtSentence } from './divergence.ts'
import { chooseMethod, type DonorKind, type SeedMethod, type ServerKind } from './seed-fit.ts'

/** Another instance, as it was asked. */
export interface Neighbour {
  readonly node: string
  readonly isSource: boolean
  /** What the cluster has against its data. */
  readonly quarantine: string | undefined
  readonly view:
    | {
        readonly answers: true
        readonly kind: DonorKind
        readonly serverId: number
        readonly serverUuid: string | undefined
        readonly writable: boolean
        readonly executed: GtidSet
      }
    | { readonly answers: false; readonly because: string }
}

/** What stands in the data directory of the node that is to be seeded. */
export type Present =
  | { readonly what: 'nothing' }
  | { readonly what: 'data'; readonly held: GtidSet }
  /** Data of which nobody can say what they hold. */
  | { readonly what: 'unknown'; readonly because: string }
  /** An earlier seed that did not come to its end. */
  | { readonly what: 'seed'; readonly phase: SeedPhase; readonly intact: boolean; readonly donor: string }

/** Everything that is decided by before anything is changed. */
export interface SeedSurvey {
  readonly node: string
  readonly kind: ServerKind
  readonly serverId: number
  readonly record: SourceRecord | undefined
  readonly present: Present
  /** This instance takes writes, or is promoted. */
  readonly promoted: boolean
  /** This instance follows the source and has no complaint. */
  readonly inStep: boolean
  /** Directories of the server, other than that of its data, which nothing here would replace. */
  readonly elsewhere: readonly string[]
  readonly neighbours: readonly Neighbour[]
}

/** What the one who asks has said. */
export interface SeedWish {
  readonly from?: string | undefined
  readonly method?: SeedMethod | undefined
  /** What only this node holds may go. */
  readonly discard: boolean
  /** Nobody has asked for it by hand. */
  readonly automatic?: boolean
}

/** What `heir seed` is to do on this node, where it has to do anything. */
export type SeedPlan =
  | { readonly say: 'seed'; readonly donor: string; readonly method: SeedMethod; readonly source: string }
  /** The new data are there; they have only to be put in their place. */
  | { readonly say: 'finish'; readonly donor: string }
  | { readonly say: 'nothing'; readonly because: string }
  | { readonly say: 'refuse'; readonly because: string }

const refuse = (because: string): SeedPlan => ({ say: 'refuse', because })

/** Whether this node may be seeded, by whom and how. */
export function planSeed(survey: SeedSurvey, wish: SeedWish): SeedPlan {
  const { node, present, record } = survey
  if (present.what === 'seed' && present.phase !== 'receiving') return { say: 'finish', donor: present.donor }
  if (survey.inStep && (wish.automatic || !wish.discard))
    return { say: 'nothing', because: `${node} follows ${record?.node} already and needs no seed` }
  const objection = OBJECTIONS.map(object => object(survey, wish)).find(because => because !== undefined)
  if (objection !== undefined) return refuse(objection)
  const source = sourceOf(survey)
  if (source === undefined) return refuse(noSource(survey))
  const candidates = rank(survey, wish)
  if (candidates.length === 0) return refuse(noDonor(survey, wish))
  const choices = candidates.map(({ name, kind }) => ({
    donor: name,
    choice: reach(survey, name, chooseMethod(survey.kind, kind, { recipient: node, donor: name }, wish.method)),
  }))
  const fit = choices.find(({ choice }) => 'method' in choice)
  if (fit !== undefined && 'method' in fit.choice)
    return { say: 'seed', donor: fit.donor, method: fit.choice.method, source: source.node }
  return refuse(choices.flatMap(({ choice }) => ('refusal' in choice ? [choice.refusal] : [])).join('; '))
}

/** A server of another site can be copied over a connection to it; its agent does not hear of what this cluster wants. */
function reach({ record }: SeedSurvey, donor: string, choice: ReturnType<typeof chooseMethod>) {
  if (record === undefined || !isAway(record) || donor !== record.host) return choice
  if (!('method' in choice) || choice.method === 'clone') return choice
  const refusal = `no replica of this site can be copied, and ${donor} is at another site, whose agent does not hear of this: copy the data directory of a server there by hand`
  return { refusal }
}

type Objection = (survey: SeedSurvey, wish: SeedWish) => string | undefined

const OBJECTIONS: readonly Objection[] = [promoted, doubted, twins, elsewhere, loss]

function promoted({ node, promoted }: SeedSurvey): string | undefined {
  return promoted
    ? `${node} takes writes: hand its role over with "heir switchover", or put the node into standby, before its data are replaced`
    : undefined
}

/** The policy was to give up what nobody acknowledged; that may have changed since. */
function doubted({ node, record }: SeedSurvey, { automatic }: SeedWish): string | undefined {
  if (!automatic || !record?.doubted.includes(node)) return undefined
  return `${doubtSentence(node)}: look at it with "heir rejoin"`
}

function twins({ node, serverId, neighbours }: SeedSurvey): string | undefined {
  const twin = neighbours.find(({ view }) => view.answers && view.serverId === serverId)
  if (twin === undefined) return undefined
  return `server_id is ${serverId} on ${node} as on ${twin.node}, and a replica ignores what its own server_id wrote: give ${node} another one in its configuration ("heir configure --format my.cnf" does)`
}

function elsewhere({ node, elsewhere: directories }: SeedSurvey): string | undefined {
  if (directories.length === 0) return undefined
  return `the server of ${node} keeps data outside of its data directory, in ${directories.join(', ')}: heir seed does not replace those`
}

/** What this node holds and the source lacks may be the last copy. */
function loss(survey: SeedSurvey, { discard }: SeedWish): string | undefined {
  const { node, present, kind } = survey
  const source = sourceOf(survey)
  if (discard || present.what === 'nothing' || source === undefined) return undefined
  if (present.what === 'unknown')
    return `nobody can say whether ${node} holds what no other node has (${present.because}): add --discard to give its data up`
  if (present.what === 'seed') return undefined // its old data were compared, or given up, before it began
  const errant = subtract(present.held, source.executed)
  if (isEmpty(errant)) return undefined
  const gtids = formatGtidSet(kind.flavour, errant).slice(0, 200)
  return `${node} holds transactions that ${source.node} lacks: ${gtids}: look at them with "heir rejoin", or add --discard to give them up`
}

function sourceOf({ neighbours }: SeedSurvey) {
  for (const { node, isSource, view } of neighbours) {
    if (isSource && view.answers && view.writable) return { node, executed: view.executed }
  }
  return undefined
}

function noSource({ record, neighbours }: SeedSurvey): string {
  if (record === undefined) return 'the cluster has had no source yet: nothing shows whose data are the right ones'
  const view = neighbours.find(({ node }) => node === record.node)?.view
  const why = view?.answers === false ? view.because : `${record.node} is not promoted`
  return `nobody can say what other nodes hold while there is no source (${why}): seed when there is one`
}

/** Those who may be asked, the best first: a copy burdens a replica rather than the source. */
function rank({ neighbours }: SeedSurvey, { from }: SeedWish) {
  return neighbours
    .flatMap(({ node, isSource, quarantine, view }) =>
      view.answers && quarantine === undefined ? [{ name: node, isSource, kind: view.kind }] : [],
    )
    .filter(({ name }) => from === undefined || name === from)
    .toSorted((a, b) => Number(a.isSource) - Number(b.isSource) || a.name.localeCompare(b.name))
}

function noDonor({ neighbours }: SeedSurvey, { from }: SeedWish): string {
  if (from === undefined) return 'no other instance answers whose data could be used'
  const one = neighbours.find(({ node }) => node === from)
  if (one === undefined)
    return `no instance runs on ${from}: choose one of ${neighbours.map(({ node }) => node).join(', ')}`
  if (one.quarantine !== undefined) return `${from} is in quarantine: ${one.quarantine}`
  return `${from} does not answer${one.view.answers ? '' : `: ${one.view.because}`}`
}
