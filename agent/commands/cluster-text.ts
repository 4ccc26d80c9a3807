import { servicesOf } from '../../cib/snippets/balanced.ts'
import type { Configuration, Setting } from '../../cib/snippets/configuration.ts'
import { behindLvs } from '../../cib/snippets/lvs.ts'
import { multiPrimary } from '../../cib/snippets/multi-primary.ts'
import { renderCrm } from '../../cib/snippets/render-crm.ts'
import { renderPcs } from '../../cib/snippets/render-pcs.ts'
import { renderXml } from '../../cib/snippets/render-xml.ts'
import { singlePrimary } from '../../cib/snippets/single-primary.ts'
import { ACTIONS, type AdvertisedAction } from '../action-table.ts'
import { PARAMETERS } from '../parameter-table.ts'
import type { Parameter } from '../parameter-type.ts'
import type { Parameters } from '../parameters.ts'
import { atBooth } from './booth-text.ts'
import type { Answer } from './configure.ts'
import {
  addressesOf,
  balancersOf,
  type CLUSTER_FORMATS,
  type ConfigureArguments,
  clientAddressesOf,
  flavourOf,
  membersOf,
  nodesOf,
} from './configure-request.ts'
import { lvsProgramOf } from './lvs-request.ts'
import { allSettings, preferredNodes } from './preference-settings.ts'
import { settingsIn, type WordSetting } from './settings.ts'

/** Where the file with accounts and passwords is, when no parameter says so. */
export const CREDENTIALS = '/etc/heir/credentials.cnf'

const RENDER = { crm: renderCrm, pcs: renderPcs, 'cib-xml': renderXml } as const satisfies Readonly<
  Record<(typeof CLUSTER_FORMATS)[number], (configuration: Configuration) => string>
>

interface Parsed {
  readonly parameters: Parameters
  readonly warnings: readonly string[]
}

/** What the cluster is told, in the words of a tool; or why nothing can be said. */
export function clusterText(format: keyof typeof RENDER, words: ConfigureArguments, parsed: Parsed): Answer {
  const configuration = clusterConfiguration(words, parsed)
  return 'refusal' in configuration ? configuration : { text: RENDER[format](configuration) }
}

/** The same as data. */
export function clusterConfiguration(
  words: ConfigureArguments,
  { parameters, warnings }: Parsed,
): Configuration | { readonly refusal: string } {
  if (words.writerVip === undefined && !words.balanced && words.topology === 'single-primary') {
    return { refusal: 'writers have no address: add --writer-vip, such as 10.0.0.100/24' }
  }
  const tooMany = acksComplaint(words, parameters)
  if (tooMany !== undefined) return { refusal: tooMany }
  const [writer, ...readers] = words.balanced ? [] : addressesOf(words)
  const common = {
    resource: words.resource,
    nodes: nodesOf(words),
    members: membersOf(words),
    parameters: [...defaultCredentials(parameters), ...settingsIn(allSettings(words)).map(markSecret)],
    operations: OPERATIONS,
    writer,
    nic: words.nic,
    readerAttribute: parameters.reader_attribute,
  }
  const configuration =
    words.topology === 'multi-primary'
      ? multiPrimary({ ...common, preferred: preferredNodes(words.prefer), failback: words.failback })
      : singlePrimary({ ...common, readers, ticket: parameters.site_ticket })
  const whole = { ...configuration, notes: [...warnings, ...configuration.notes] }
  return atBooth(withBalancers(whole, words), words, parameters)
}

/** What an instance would refuse to start or to be promoted with. */
function acksComplaint(words: ConfigureArguments, { acks, durability }: Parameters): string | undefined {
  const { length } = nodesOf(words)
  if (durability === 'async' || length === 1) return undefined
  if (flavourOf(words) === 'mariadb' && acks > 1)
    return `acks is ${acks}, and MariaDB waits for one replica: set it to 1`
  return acks < length
    ? undefined
    : `acks is ${acks}, and of ${length} nodes one is the source: use ${length - 1} or less, or list more nodes`
}

function withBalancers(configuration: Configuration, words: ConfigureArguments): Configuration {
  const program = lvsProgramOf(words)
  if (program === undefined) return configuration
  const { resource, nic } = words
  const options = { resource, nic, program, nodes: nodesOf(words), balancers: balancersOf(words) }
  return behindLvs(configuration, { ...options, services: servicesOf({ resource, ...clientAddressesOf(words) }) })
}

const markSecret = (setting: WordSetting): Setting =>
  SECRETS.includes(setting.name) ? { ...setting, secret: true } : setting

const SECRETS = Object.entries<Parameter<unknown>>(PARAMETERS).flatMap(([name, { secret }]) => (secret ? [name] : []))

/** Replicas cannot log in without an account; the older places for it still count. */
const defaultCredentials = ({ credentials, replication_user }: Parameters) =>
  credentials === undefined && replication_user === undefined
    ? [
        {
          name: 'credentials',
          value: CREDENTIALS,
          because: 'accounts and passwords, for root alone; the format sql shows its form',
        },
      ]
    : []

/** What Pacemaker schedules by itself; the other actions are called by people and tools. */
const OPERATIONS: readonly AdvertisedAction[] = ACTIONS.filter((action: AdvertisedAction) =>
  action.name === 'monitor'
    ? action.role !== undefined
    : ['start', 'stop', 'promote', 'demote', 'notify'].includes(action.name),
)
