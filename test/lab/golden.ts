import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { APPLICATION_SCHEMA, rootBySocket } from './accounts.ts'
import { cached } from './cache.ts'
import type { Engine } from './engines.ts'
import { initialiseServer } from './initialise-server.ts'
import { CLIENT_ADDRESS, nodeAddress, PREFIX_LENGTH } from './network-plan.ts'
import { type MachineFile, serverFiles, writeFiles } from './node-files.ts'
import { Rack } from './rack.ts'
import { rackDirectory } from './rack-directory.ts'

const MACHINE = 'node1'

/** What all nodes of a cluster have in common when they start for the first time. */
export interface GoldenRecipe {
  readonly engine: Engine
  readonly tree: string
  /** The text of the server's configuration, and the lines that the lab adds. */
  readonly configuration: string
  readonly extra: readonly string[]
  /** Statements that make the replication account. */
  readonly accounts: string
}

/**
 * The layer over the tree with the common ancestor of all nodes: an initialised data directory with accounts, schema and the history
 * of those, and a cluster configuration for the first start. Made within seconds, on a machine of a rack of its own.
 */
export async function golden(recipe: GoldenRecipe, progress: (line: string) => void): Promise<string> {
  const { engine } = recipe
  const files = serverFiles(
    recipe.configuration,
    { flavour: engine.flavour, serverId: 100, host: MACHINE },
    recipe.extra,
  )
  const statements = [rootBySocket(engine.flavour), recipe.accounts, APPLICATION_SCHEMA]
  return await cached({
    name: `golden/${engine.name}`,
    recipe: [engine.name, basename(recipe.tree), files, statements, SEED_CIB],
    keep: 4,
    build: async directory => {
      progress(`initialising the ${engine.name} data directory`)
      await build(recipe, files, statements, directory)
    },
  })
}

async function build(
  recipe: GoldenRecipe,
  files: MachineFile[],
  statements: string[],
  directory: string,
): Promise<void> {
  const home = rackDirectory(`golden-${process.pid}-${recipe.engine.name}`)
  const disk = join(home, 'disk')
  const machine = { name: MACHINE, address: `${nodeAddress(MACHINE)}/${PREFIX_LENGTH}`, layers: [recipe.tree], disk }
  const plan = {
    directory: home,
    shared: join(home, 'shared'),
    switchAddress: `${CLIENT_ADDRESS}/${PREFIX_LENGTH}`,
    machines: [machine],
  }
  const rack = await Rack.open(plan, 'this process')
  try {
    await writeFiles(join(disk, 'upper'), files)
    await rack.power('on', MACHINE)
    await initialiseServer(rack, MACHINE, recipe.engine, statements)
    await succeed(rack, ['sh', '-ec', SEED_CIB])
    await rack.power('off', MACHINE)
    await keep(join(disk, 'upper'), directory)
  } finally {
    await rack.close()
  }
}

/** With the default of 20 s a cluster that nobody has ever seen waits that long for its first election. */
const SEED_CIB = `
cd /var/lib/pacemaker/cib
cibadmin --empty >cib.xml
CIB_file=$PWD/cib.xml crm_attribute --type crm_config --name dc-deadtime --update 2s
chown hacluster:haclient *
chmod 600 *
`

async function succeed(rack: Rack, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await rack.exec(MACHINE, argv)
  if (exitCode !== 0) throw new Failure('rejected', `${argv.join(' ')}: ${stderr}`)
}

/** Copy what shall be golden, without the marks that overlayfs leaves on it. */
async function keep(upper: string, directory: string): Promise<void> {
  const target = join(directory, 'var/lib')
  await mkdir(target, { recursive: true })
  const sources = ['mysql', 'pacemaker'].map(name => join(upper, 'var/lib', name))
  const options = ['-dR', '--preserve=mode,ownership,timestamps']
  const { exitCode, stderr } = await command('cp', [...options, ...sources, target], { deadline: Deadline.in(60_000) })
  if (exitCode !== 0) throw new Failure('rejected', `cp: ${stderr}`)
}
