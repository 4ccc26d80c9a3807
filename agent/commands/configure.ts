import type { Configuration } from '../../cib/snippets/configuration.ts'
import { renderCrm } from '../../cib/snippets/render-crm.ts'
import { renderPcs } from '../../cib/snippets/render-pcs.ts'
import { renderXml } from '../../cib/snippets/render-xml.ts'
import { singlePrimary } from '../../cib/snippets/single-primary.ts'
import type { Account } from '../../lib/mysql/connection.ts'
import { readAccount } from '../../lib/mysql/option-file.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { ACTIONS, type AdvertisedAction } from '../action-table.ts'
import { type Parameters, parseParameters } from '../parameters.ts'
import { accountStatements } from './account-statements.ts'
import { addressesOf, type ConfigureArguments, complaint, FORMATS, nodesOf, TOPOLOGIES } from './configure-request.ts'
import { serverConfiguration } from './server-configuration.ts'
import { environmentOf, settingsIn } from './settings.ts'

const ENGINES = ['mysql', 'mariadb'] as const satisfies readonly FlavourName[]

/** Where the file with accounts and passwords is, when no parameter says so. */
const CREDENTIALS = '/etc/heir/credentials.cnf'

/** The options of the command line, as yargs takes them. */
export const CONFIGURE_OPTIONS = {
  topology: {
    type: 'string',
    default: 'single-primary',
    describe: `Who replicates from whom: ${TOPOLOGIES.join(', ')}`,
  },
  resource: { type: 'string', demandOption: true, describe: 'Name of the resource' },
  nodes: { type: 'string', demandOption: true, describe: 'Nodes that hold the data, with commas between them' },
  'writer-vip': { type: 'string', describe: 'Address for writers, with its prefix: 10.0.0.100/24' },
  'reader-vip': { type: 'string', array: true, default: [], describe: 'Address for readers; as many as you like' },
  nic: { type: 'string', describe: 'Network interface of the addresses' },
  format: { type: 'string', demandOption: true, describe: `What to print: ${FORMATS.join(', ')}` },
  engine: { type: 'string', describe: `For my.cnf and sql: ${ENGINES.join(' or ')}` },
  node: { type: 'string', describe: 'For my.cnf: the node whose file to print' },
  set: { type: 'string', array: true, default: [], describe: 'parameter=value of the resource' },
  credentials: { type: 'string', describe: 'For sql: file with the password to print' },
} as const

/** What the command prints, or why it prints nothing. */
export type Answer = { readonly text: string } | { readonly refusal: string }

/**
 * Print a configuration. A password is read from the file `credentials`, never from the command line.
 * Throws Failure `misconfigured` when that file is not as it must be.
 */
export async function configure(
  words: ConfigureArguments & { readonly credentials: string | undefined },
): Promise<Answer> {
  if (words.credentials === undefined) return configureText(words, undefined)
  const account = await readAccount(words.credentials, 'replication')
  if (account !== undefined) return configureText(words, account)
  return { refusal: `credentials ${words.credentials} has no section [replication]: add it with user and password` }
}

/** The text for these words, or what is wrong with them. */
export function configureText(words: ConfigureArguments, account: Account | undefined): Answer {
  const refusal = complaint(words)
  if (refusal !== undefined) return { refusal }
  const parsed = parseParameters(environmentOf(words.set))
  if (!parsed.ok) return { refusal: parsed.because }
  if (words.format === 'crm') return clusterText(words, parsed, renderCrm)
  if (words.format === 'pcs') return clusterText(words, parsed, renderPcs)
  if (words.format === 'cib-xml') return clusterText(words, parsed, renderXml)
  const engine = ENGINES.find(engine => engine === words.engine)
  if (engine === undefined)
    return { refusal: `${words.format} differs by engine: add --engine ${ENGINES.join(' or ')}` }
  return words.format === 'sql' ? accountText(engine, parsed, account) : serverText(engine, words)
}

interface Parsed {
  readonly parameters: Parameters
  readonly warnings: readonly string[]
}

function clusterText(
  words: ConfigureArguments,
  { parameters, warnings }: Parsed,
  render: (configuration: Configuration) => string,
): Answer {
  const [writer, ...readers] = addressesOf(words)
  if (words.writerVip === undefined || writer === undefined) {
    return { refusal: 'writers have no address: add --writer-vip, such as 10.0.0.100/24' }
  }
  const configuration = singlePrimary({
    resource: words.resource,
    nodes: nodesOf(words),
    parameters: [...defaultCredentials(parameters), ...settingsIn(words.set)],
    operations: OPERATIONS,
    writer,
    readers,
    nic: words.nic,
    readerAttribute: parameters.reader_attribute,
  })
  return { text: render({ ...configuration, notes: [...warnings, ...configuration.notes] }) }
}

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

function serverText(engine: FlavourName, words: ConfigureArguments): Answer {
  const nodes = nodesOf(words)
  const node = nodes.find(node => node === words.node)
  if (node === undefined) {
    return { refusal: `${words.format} differs by node: add --node with one of ${nodes.join(', ')}` }
  }
  return { text: serverConfiguration(engine, node, nodes) }
}

function accountText(engine: FlavourName, { parameters }: Parsed, account: Account | undefined): Answer {
  const user = account?.user ?? parameters.replication_user ?? 'heir_replication'
  const requireSsl = parameters.replication_require_ssl
  const chosen = { user, password: account?.password, requireSsl }
  return { text: accountStatements(engine, chosen, parameters.credentials ?? CREDENTIALS) }
}
