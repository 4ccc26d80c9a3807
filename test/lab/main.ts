/** The lab by hand: `npm run lab -- up`, `npm run lab -- exec node1 crm_mon -1`, `npm run lab -- down`. */
import yargs from 'yargs'
import { Failure } from '../../lib/system/failure.ts'
import { configure, down, exec, machineAction, shell, status, up } from './commands.ts'
import { ENGINE_NAMES } from './engines.ts'

const NODE = {
  type: 'string',
  demandOption: true,
  describe: 'node1, node2, …; client for the host on their network',
} as const

const MACHINE_ACTIONS = {
  off: 'power a node off, as if the cord were pulled',
  start: 'power a node on',
  cut: "pull a node's network cable",
  heal: 'plug it in again',
} as const

/** Everything after `exec NODE` belongs to the command on the node, options too. */
const argv = process.argv.slice(2)
const own = argv.includes('exec') ? argv.slice(0, argv.indexOf('exec') + 2) : argv
const command = argv.slice(own.length)

const program = yargs(own)
  .scriptName('npm run lab --')
  .option('name', { type: 'string', default: 'lab', describe: 'which lab, where there are several' })
  .command(
    'up',
    'bring a cluster up; it stays until it is taken down',
    words =>
      words.options({
        engine: { choices: ENGINE_NAMES, default: ENGINE_NAMES[0] },
        nodes: { choices: [1, 2, 3, 4, 5], default: 3 },
        arbiter: { type: 'boolean', default: false, describe: 'one more node, with a vote and no server' },
      }),
    ({ name, engine, nodes, arbiter }) => up({ name, engine, nodes, arbiter }),
  )
  .command('down', 'end the cluster and remove its disks', {}, ({ name }) => down(String(name)))
  .command('status', 'power, cable and resources of every node', {}, ({ name }) => status(String(name)))
  .command(
    'exec <node>',
    'run a command on a node: what follows is the command as it is',
    words => words.positional('node', NODE),
    ({ name, node }) => exec(name, node, command),
  )
  .command(
    'shell <node>',
    'open a shell on a node',
    words => words.positional('node', NODE),
    ({ name, node }) => shell(name, node),
  )
  .command(
    'configure <file>',
    'load a cluster configuration: commands for crm (*.crm) or pcs (*.pcs)',
    words => words.positional('file', { type: 'string', demandOption: true }),
    ({ name, file }) => configure(name, file),
  )

for (const action of ['off', 'start', 'cut', 'heal'] as const) {
  program.command(
    `${action} <node>`,
    MACHINE_ACTIONS[action],
    words => words.positional('node', NODE),
    ({ name, node }) => machineAction(String(name), action, node),
  )
}

program
  .demandCommand(1, 'Name a command')
  .strict()
  .fail((message, error) => {
    if (error !== undefined && !(error instanceof Failure)) throw error
    console.error(`lab: ${error?.message ?? `${message}, see --help`}`)
    process.exit(1)
  })
await program.parseAsync()
