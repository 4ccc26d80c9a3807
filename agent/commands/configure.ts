import { BALANCER_DEFAULTS } from '../../cib/snippets/balanced.ts'
import type { Account } from '../../lib/mysql/connection.ts'
import { readAccount } from '../../lib/mysql/option-file.ts'
import { parseParameters } from '../parameters.ts'
import { accountStatements } from './account-statements.ts'
import { balancerText, isBalancerFormat } from './balancer-text.ts'
import { boothText } from './booth-text.ts'
import { CREDENTIALS, clusterConfiguration, clusterText } from './cluster-text.ts'
import type { CommandWords, GivenWords } from './configure-options.ts'
import {
  CLUSTER_FORMATS,
  type ConfigureArguments,
  complaint,
  differsBy,
  flavourOf,
  isOneOf,
  membersOf,
  nodesOf,
} from './configure-request.ts'
import { ENGINES } from './engine-word.ts'
import { allSettings } from './preference-settings.ts'
import { serverConfiguration } from './server-configuration.ts'
import { environmentOf, settingsIn } from './settings.ts'

/** What the command prints, or why it does not do what it was asked for. */
export type Answer = { readonly text: string } | { readonly text?: string; readonly refusal: string }

/**
 * Print a configuration, or make the cluster have it. A password is read from the file `credentials`, never from the command
 * line. Throws Failure `misconfigured` when that file, or the one with the words, is not as it must be, and `rejected` when
 * Pacemaker does not answer.
 */
export async function configure({ file, diff, apply, ...given }: CommandWords): Promise<Answer> {
  if (apply && diff) return { refusal: '--diff changes nothing and --apply does: give one of them' }
  const { credentials, ...all } = await collect(file, given)
  if (apply || diff) return applied(apply ? 'apply' : 'diff', complete({ ...all, format: all.format ?? 'cib-xml' }))
  const words = complete(all)
  if (credentials === undefined) return configureText(words, undefined)
  const account = await readAccount(credentials, 'replication')
  if (account?.password === '')
    return { refusal: `credentials ${credentials} has an empty password, by which anybody could log in: choose one` }
  if (account !== undefined) return configureText(words, account)
  return { refusal: `credentials ${credentials} has no section [replication]: add it with user and password` }
}

/** The words of the file and of the command line, which count before those; of what has a name, each by itself. */
async function collect(file: string | undefined, given: GivenWords): Promise<GivenWords> {
  const written: GivenWords =
    file === undefined ? {} : await (await import('./configure-file.ts')).readConfigureFile(file)
  return {
    ...written,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    set: withNames(written.set, given.set),
    address: withNames(written.address, given.address),
  }
}

/** Words `name=value`, without those of the first that the second name too. */
function withNames(first: readonly string[] = [], second: readonly string[] = []): readonly string[] {
  const names = settingsIn(second).map(({ name }) => name)
  return [...first.filter(word => !names.includes(word.split('=', 1)[0] ?? '')), ...second]
}

async function applied(measure: 'apply' | 'diff', words: ConfigureArguments): Promise<Answer> {
  const refusal = complaint(words)
  if (refusal !== undefined) return { refusal }
  if (!isOneOf(words.format, CLUSTER_FORMATS)) {
    return { refusal: `--${measure} is about the cluster, and ${words.format} is not: leave --format out` }
  }
  const parsed = parseParameters(environmentOf(allSettings(words)))
  if (!parsed.ok) return { refusal: parsed.because }
  const configuration = clusterConfiguration(words, parsed)
  if ('refusal' in configuration) return configuration
  const { applyConfiguration } = await import('./apply-configuration.ts')
  return applyConfiguration(measure, configuration, membersOf(words))
}

/** What is not said; an empty text stands for what has to be. */
const complete = (given: GivenWords): ConfigureArguments => ({
  topology: given.topology ?? 'single-primary',
  resource: given.resource ?? '',
  nodes: given.nodes ?? '',
  address: given.address ?? [],
  writerVip: given.writerVip,
  readerVip: given.readerVip ?? [],
  nic: given.nic,
  balanced: given.balanced ?? given.lvs !== undefined,
  prefer: given.prefer ?? '',
  failback: given.failback ?? false,
  lvs: given.lvs,
  balancers: given.balancers ?? '',
  checkPort: given.checkPort ?? BALANCER_DEFAULTS.checkPort,
  routerId: given.routerId ?? BALANCER_DEFAULTS.routerId,
  boothVip: given.boothVip,
  boothSite: given.boothSite ?? [],
  arbitrator: given.arbitrator ?? [],
  firstServerId: given.firstServerId ?? 1,
  format: given.format ?? '',
  engine: given.engine,
  node: given.node,
  set: given.set ?? [],
})

/** The text for these words, or what is wrong with them. */
export function configureText(words: ConfigureArguments, account: Account | undefined): Answer {
  const refusal = complaint(words)
  if (refusal !== undefined) return { refusal }
  const parsed = parseParameters(environmentOf(allSettings(words)))
  if (!parsed.ok) return { refusal: parsed.because }
  const { format } = words
  if (isOneOf(format, CLUSTER_FORMATS)) return clusterText(format, words, parsed)
  if (isBalancerFormat(format)) return balancerText(format, words, parsed.parameters)
  if (format === 'booth') return boothText(words, parsed.parameters)
  const engine = flavourOf(words)
  if (engine === undefined) return { refusal: `${format} differs by engine: add --engine ${ENGINES.join(' or ')}` }
  if (format === 'sql') return { text: accountStatements(engine, accountOf(parsed, account), credentialsOf(parsed)) }
  const node = nodesOf(words).find(node => node === words.node)
  return node === undefined
    ? { refusal: differsBy('node', nodesOf(words), format) }
    : {
        text: serverConfiguration(
          engine,
          node,
          nodesOf(words),
          words.firstServerId,
          words.topology === 'multi-primary',
        ),
      }
}

type Parsed = Extract<ReturnType<typeof parseParameters>, { ok: true }>

const credentialsOf = ({ parameters }: Parsed) => parameters.credentials ?? CREDENTIALS

const accountOf = ({ parameters }: Parsed, account: Account | undefined) => ({
  user: account?.user ?? parameters.replication_user ?? 'heir_replication',
  password: account?.password,
  requireSsl: parameters.replication_require_ssl,
})
