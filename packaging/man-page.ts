import { ACTIONS, type AdvertisedAction } from '../agent/action-table.ts'
import { ABOUT } from '../agent/actions/meta-data.ts'
import { CHECK_OPTIONS } from '../agent/commands/check-request.ts'
import { CONFIGURE_OPTIONS } from '../agent/commands/configure-options.ts'
import { REJOIN_OPTIONS } from '../agent/commands/rejoin-options.ts'
import { SEED_OPTIONS } from '../agent/commands/seed-options.ts'
import { SITE_OPTIONS } from '../agent/commands/site-options.ts'
import { OCF } from '../agent/exit-code.ts'
import { PARAMETERS } from '../agent/parameter-table.ts'
import type { Parameter } from '../agent/parameter-type.ts'
import manifest from '../package.json' with { type: 'json' }
import { EXIT_MEANINGS } from './exit-meanings.ts'
import { entry, example, paragraph, section, text } from './roff.ts'

/** The manual heir(8) in roff. Actions, parameters and options come from the tables that the program itself uses. */
export function manPage(): string {
  return [
    `.TH HEIR 8 "" "heir ${manifest.version}" "System Administration"\n`,
    section('NAME', text('heir - resource agent for MySQL and MariaDB replication on Pacemaker\n')),
    section('SYNOPSIS', SYNOPSIS),
    section('DESCRIPTION', paragraph(ABOUT.long), paragraph(CALLS)),
    section('COMMANDS', ...COMMANDS),
    section('ACTIONS', paragraph(ACTIONS_INTRODUCTION), ...ACTIONS.map(actionEntry)),
    section('PARAMETERS', ...Object.entries<Parameter<unknown>>(PARAMETERS).map(parameterEntry)),
    section('EXIT CODES', paragraph(EXIT_INTRODUCTION), ...Object.entries(EXIT_MEANINGS).map(exitEntry)),
    section('FILES', ...FILES.map(([path, meaning]) => entry(path, meaning))),
    section('EXAMPLES', ...EXAMPLES.flatMap(([words, lines]) => [paragraph(words), example(lines)])),
    section(
      'SEE ALSO',
      text('pacemakerd(8), crm(8), pcs(8), crm_mon(8), ocf_heartbeat_IPaddr2(7), mysqld(8), mariadbd(8)\n'),
    ),
  ].join('')
}

const SYNOPSIS = String.raw`.B heir
.I command
[\fIoption\fR ...]
.br
.B /usr/lib/ocf/resource.d/heir/mysql
.I action
`

const CALLS =
  'Called by the name mysql, as Pacemaker does, or with an action as its only argument, it is the agent, and takes its parameters from environment variables OCF_RESKEY_parameter; promote is one only where OCF_RESOURCE_INSTANCE names a resource. Otherwise it is a command for people.'

/** Those that only the agent gives are left out. */
function optionEntries(
  options: Readonly<Record<string, { readonly describe: string; readonly hidden?: true }>>,
): readonly string[] {
  const shown = Object.entries(options).filter(([, { hidden }]) => !hidden)
  const entries = shown.map(([name, { describe }]) => entry(`--${name}`, `${describe}.`))
  return ['.RS\n', ...entries, '.RE\n']
}

const COMMANDS = [
  entry(
    'heir configure --resource name --nodes a,b,c --format format [option ...]',
    'Prints the configuration of a cluster with its reasons as comments: crm for crmsh, pcs as a shell script of pcs commands, cib-xml for cibadmin, my.cnf for the server of one node, sql for the accounts, and haproxy, ldirectord, sysctl and keepalived for addresses that something other than Pacemaker moves, and booth for the ticket of two sites. It asks nothing, and changes nothing unless --apply is given.',
  ),
  ...optionEntries(CONFIGURE_OPTIONS),
  entry(
    'heir check --role writable|readable [option ...]',
    'Says in one line whether clients may be sent to the server of this node, and why. Ends with 0 for yes, 1 for no, and 2 when it was asked in a wrong way. It works without Pacemaker, too. Where Pacemaker runs, the parameters and the judgement are those of the resource: a server that takes writes while the cluster names another source is not writable, and an instance is readable where its reader attribute would be 1. Else writable is what takes writes, and readable what does so or replicates within max_replica_lag. With --http it serves the same for balancers, as status 200 or 503, until it is ended; heir-check.service of systemd does so.',
  ),
  ...optionEntries(CHECK_OPTIONS),
  entry(
    'heir switchover --to node [--resource name] [--timeout seconds]',
    'Hands the writer role over to a node by its promotion score, and waits until it is promoted. No constraint is left behind.',
  ),
  entry(
    'heir promote --to node --accept-loss [--resource name] [--timeout seconds]',
    'Promotes a node that cannot be proven to hold every acknowledged write, when those who could prove it do not come back. Refused while a source is promoted. What the node lacks is lost; the word counts for this one promotion and stands in the cluster.',
  ),
  entry(
    'heir seed [--from node] [--method clone|backup|dump] [--discard] [--clear-first] [--ssh [user@]host] [--port number] [--resource name]',
    "Gives the node that it runs on another one's data, so that it is a replica. Its instance is held back meanwhile, and the old data stay until the new ones are whole. Refuses where the node holds transactions that the source lacks, unless --discard is given. Interrupted anywhere, it is run again.",
  ),
  ...optionEntries(SEED_OPTIONS),
  entry(
    'heir rejoin [--save file | --discard | --keep] [--resource name] [--timeout seconds]',
    'On a node in quarantine: shows the transactions that only this node holds, with their tables and rows, by mysqlbinlog or mariadb-binlog. Without an option it changes nothing.',
  ),
  ...optionEntries(REJOIN_OPTIONS),
  entry(
    'heir site [--give | --take | --prepare] [option ...]',
    'Where there are two sites (site_source and site_ticket): says which of them takes writes, or hands that over. --give stops it here, and says with what this site ended; --take begins it here, once an instance has that. Not while the other site takes writes.',
  ),
  ...optionEntries(SITE_OPTIONS),
]

const ACTIONS_INTRODUCTION =
  'Times are proposals for the cluster configuration. Every action may be repeated, and finishes what an interrupted one began.'

function actionEntry({ name, role, summary, because, timeoutSeconds, intervalSeconds }: AdvertisedAction): string {
  const every = intervalSeconds === undefined ? '' : `, every ${intervalSeconds} s`
  return entry(
    role === undefined ? name : `${name} (${role})`,
    summary,
    `Timeout ${timeoutSeconds} s${every}: ${because}.`,
  )
}

function parameterEntry([name, parameter]: readonly [string, Parameter<unknown>]): string {
  const { type, options, default: initial, long, reloadable, deprecated } = parameter
  const notes = [
    options === undefined ? type : options.join(' or '),
    ...(initial === '' ? [] : [`default ${initial}`]),
    ...(reloadable ? ['a change needs no restart'] : []),
    ...(deprecated === undefined ? [] : ['deprecated']),
  ]
  return entry(`${name} (${notes.join(', ')})`, long)
}

const EXIT_INTRODUCTION =
  'The reason of every code but 0 and 8 is the last line on standard error, and crm_mon shows it. Commands for people end with 0 or 1, and a check asked in a wrong way with 2.'

const exitEntry = ([name, meaning]: readonly [string, string]): string =>
  entry(`${OCF[name as keyof typeof OCF]} (${name})`, meaning)

const FILES = [
  ['/usr/lib/ocf/resource.d/heir/mysql', 'The agent as Pacemaker finds it: a symbolic link to the program.'],
  [
    '/etc/heir/credentials.cnf',
    'Accounts and passwords where "heir configure" expects them, in the form of an option file with the sections [replication] and [agent]. Owner root, mode 0600.',
  ],
  [
    '/etc/heir/check.conf',
    'The address, the port and further words with which heir-check.service serves "heir check" to balancers.',
  ],
] as const

const EXAMPLES = [
  [
    'Three nodes, one address for writers and two for readers, with crmsh:',
    'heir configure --resource db --nodes a,b,c --writer-vip 10.0.0.100/24 \\\n  --reader-vip 10.0.0.101/24 --reader-vip 10.0.0.102/24 --format crm >db.crm\ncrm -F configure load update db.crm',
  ],
  ['The same with pcs, into a script:', 'heir configure ... --format pcs >db.sh\nsh db.sh'],
  [
    'What the cluster of this node lacks of what a file describes; and the same, written into it:',
    'heir configure --file cluster.yaml --diff\nheir configure --file cluster.yaml --apply',
  ],
  [
    'The file of the server on node b, and the accounts:',
    'heir configure --resource db --nodes a,b,c --format my.cnf --engine mariadb --node b\nheir configure --resource db --nodes a,b,c --format sql --engine mariadb',
  ],
  [
    'Whether this server may be read, for a person; and for balancers of the network:',
    'heir check --role readable\nheir check --http 9200 --listen 10.0.0.1',
  ],
  ['Work on node a, which is the source: let b take over first:', 'heir switchover --to b'],
  [
    'Hand the role of one site over to another: on a node of the first, then as it says on one of the second:',
    'heir site --give\nheir site --take --holding 0-1-4711',
  ],
  ['A new disk in this node, or data that differ: take the data of a replica:', 'heir seed'],
] as const
