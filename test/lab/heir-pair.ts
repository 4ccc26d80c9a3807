import { Deadline } from '../../lib/system/deadline.ts'
import { RPM } from '../../packaging/products.ts'
import { type ConfigurationFormat, usualFormat } from './apply-configuration.ts'
import { ENGINES } from './engines.ts'
import { follows, heirConfigure, RESOURCE, withCredentials } from './heir-cluster.ts'
import { setKernels } from './kernel-settings.ts'
import { Lab } from './lab.ts'
import type { LabOptions } from './lab-rack.ts'
import { nodeNames, PREFIX_LENGTH, WRITER_VIP } from './network-plan.ts'

export interface HeirPairOptions extends Omit<LabOptions, 'nodes'> {
  readonly format?: ConfigurationFormat
  /** Further words for `heir configure` of the cluster. */
  readonly words?: readonly string[]
  /** Words for a pair whose address is that of balancers. Default: it has it itself. */
  readonly balanced?: readonly string[]
  /** Changes what is printed for the cluster before that is loaded. */
  readonly adapt?: (text: string) => string
  /** Is shown the cluster before it is configured. */
  readonly beforehand?: (lab: Lab) => Promise<void>
  /** Is shown a cluster that does not become healthy, before it is taken down. */
  readonly whenUnhealthy?: (lab: Lab) => Promise<void>
}

const PAIR = ['--resource', RESOURCE, '--nodes', nodeNames(2).join(','), '--topology', 'multi-primary'] as const
const ADDRESS = ['--writer-vip', `${WRITER_VIP}/${PREFIX_LENGTH}`] as const

/** The words with which `heir configure` describes the pair. */
export const pairWords: readonly string[] = [...PAIR, ...ADDRESS]

const FIRST_HEALTH_MS = 150_000

/** Two nodes that both take writes, set up with what `heir configure --topology multi-primary` prints. Returns when both do. */
export async function upWithPair(options: HeirPairOptions): Promise<Lab> {
  const engine = ENGINES[options.engine]
  const nodes = nodeNames(2)
  const format = options.format ?? usualFormat(engine)
  const server = (node: string) =>
    heirConfigure([...PAIR, '--engine', engine.flavour, '--format', 'my.cnf', '--node', node])
  const [first = '', second = ''] = await Promise.all(nodes.map(server))
  const accounts = await withCredentials(file =>
    heirConfigure([...PAIR, '--engine', engine.flavour, '--format', 'sql', '--credentials', file]),
  )
  const words = [...PAIR, ...ADDRESS, ...(options.words ?? []), ...(options.balanced ?? [])]
  const cluster = await heirConfigure([...words, '--format', format])
  const configurations = Object.fromEntries(nodes.map((node, index) => [node, [first, second][index] ?? '']))
  const lab = await Lab.up({ ...options, nodes: 2, configuration: first, configurations, accounts, package: RPM })
  try {
    if (options.balanced !== undefined) await setKernels(lab, await heirConfigure([...words, '--format', 'sysctl']))
    await options.beforehand?.(lab)
    await lab.configure(options.adapt?.(cluster) ?? cluster, format)
    await (options.balanced === undefined ? waitForPair : waitForPrimaries)(lab, Deadline.in(FIRST_HEALTH_MS))
  } catch (error) {
    await options.whenUnhealthy?.(lab)
    await lab.down()
    throw error
  }
  return lab
}

/** Wait until both take writes and follow each other. */
export const waitForPrimaries = (lab: Lab, deadline: Deadline): Promise<true> =>
  lab.waitFor('two sources that follow each other', async () => (await areInTouch(lab)) || undefined, deadline)

/** Wait until both take writes and follow each other, and the address is on one of them; answers that one. */
export const waitForPair = (lab: Lab, deadline: Deadline): Promise<string> =>
  lab.waitFor('two sources that follow each other, and their address', () => healthyPair(lab), deadline)

/** The same at one look; undefined where something is amiss. */
async function healthyPair(lab: Lab): Promise<string | undefined> {
  return (await areInTouch(lab)) ? await addressHome(lab) : undefined
}

async function areInTouch(lab: Lab): Promise<boolean> {
  const { promoted } = await lab.roles(RESOURCE)
  if (promoted.length !== 2) return false
  const [one = '', other = ''] = lab.nodes
  const inTouch = await Promise.all([follows(lab, one, other), follows(lab, other, one)])
  return inTouch.every(Boolean)
}

/** Where the address is up. */
export async function addressHome(lab: Lab): Promise<string | undefined> {
  const status = await lab.cluster()
  const address = status?.resources.find(({ id }) => id === `${RESOURCE}-writer`)
  return address?.role === 'Started' ? address.node : undefined
}
