import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { RPM } from '../../packaging/products.ts'
import { usualFormat } from './apply-configuration.ts'
import { BOOTH_PACKAGES, booth, prepareBooth } from './booth.ts'
import { ENGINES, type EngineName } from './engines.ts'
import { accountStatements, heirConfigure, RESOURCE, replicaState } from './heir-cluster.ts'
import { Lab } from './lab.ts'
import { BOOTH_VIPS, nodeNames, OTHER_WRITER_VIP, PREFIX_LENGTH, WRITER_VIP } from './network-plan.ts'

/** Without it a site takes no writes. */
export const TICKET = 'db-site'

/** One of two clusters on one network. */
export interface Site {
  readonly lab: Lab
  /** Where its writers find it. */
  readonly vip: string
  /** Where its booth is, if it has one. */
  readonly booth: string
}

export interface TwoSites {
  /** Both, for what concerns all machines. */
  readonly lab: Lab
  /** The one that has the ticket. */
  readonly first: Site
  readonly second: Site
}

export interface TwoSitesOptions {
  readonly engine: EngineName
  readonly name?: string
  /** Whether booth has the ticket, with a vote at a third place. Default: nobody but the commands of heir grants it. */
  readonly booth?: boolean
  readonly progress?: (line: string) => void
}

/**
 * Two clusters of two nodes, each set up with what `heir configure` prints, and each naming the other's writer address. Returns
 * when the first takes writes, and every other server follows its source. With booth the ticket is granted by it.
 */
export async function upWithTwoSites(options: TwoSitesOptions): Promise<TwoSites> {
  const engine = ENGINES[options.engine]
  const nodes = nodeNames(4)
  const words = ['--resource', RESOURCE, '--nodes', nodes.join(','), '--engine', engine.flavour]
  const [configuration, accounts] = await Promise.all([
    heirConfigure([...words, '--format', 'my.cnf', '--node', nodes[0] ?? '']),
    accountStatements(words),
  ])
  const isVoted = options.booth ?? false
  const machines = { nodes: 4, split: 2, arbiter: isVoted, packages: isVoted ? BOOTH_PACKAGES : [] }
  const lab = await Lab.up({ ...options, ...machines, configuration, accounts, package: RPM })
  try {
    const first = { lab: lab.within(nodes.slice(0, 2)), vip: WRITER_VIP, booth: BOOTH_VIPS[0] }
    const second = { lab: lab.within(nodes.slice(2)), vip: OTHER_WRITER_VIP, booth: BOOTH_VIPS[1] }
    if (isVoted) await prepareBooth(lab, clusterWords(first, second))
    await Promise.all([configure(first, second, isVoted), configure(second, first, isVoted)])
    if (isVoted) await booth(lab, ['grant', '-C', '-s', first.booth, TICKET])
    else await heir(first, ['site', '--take'])
    await waitUntilServed(first, second, Deadline.in(120_000))
    return { lab, first, second }
  } catch (error) {
    await lab.down()
    throw error
  }
}

function clusterWords({ lab, vip }: Site, other: Site): readonly string[] {
  const words = ['--resource', RESOURCE, '--nodes', lab.nodes.join(','), '--writer-vip', `${vip}/${PREFIX_LENGTH}`]
  return [...words, '--set', `site_source=${other.vip}:3306`, '--set', `site_ticket=${TICKET}`]
}

async function configure(site: Site, other: Site, isVoted: boolean): Promise<void> {
  const { lab } = site
  const voted = isVoted ? ['--booth-vip', `${site.booth}/${PREFIX_LENGTH}`] : []
  const format = usualFormat(lab.engine)
  await lab.configure(await heirConfigure([...clusterWords(site, other), ...voted, '--format', format]), format)
  const started = async () => {
    const status = await lab.cluster()
    const isThere =
      !isVoted || status?.resources.some(({ id, role }) => id === `${RESOURCE}-booth` && role === 'Started')
    return (isThere && (await lab.roles(RESOURCE)).unpromoted.length === lab.nodes.length) || undefined
  }
  await lab.waitFor(`the servers of ${lab.nodes.join(' and ')}`, started, Deadline.in(120_000))
}

/** Run heir on a node of a site that is up. Throws Failure with what it complains about. */
export async function heir({ lab }: Site, words: readonly string[]): Promise<string> {
  const node = (await lab.cluster())?.online[0]
  if (node === undefined) throw new Failure('unreachable', `no node of ${lab.nodes.join(', ')} has quorum`)
  const { exitCode, stdout, stderr } = await lab.exec(node, ['heir', ...words], { deadline: Deadline.in(150_000) })
  if (exitCode !== 0) throw new Failure('rejected', stderr)
  return stdout
}

/** Wait until one site has a source that its other node follows, and all of the other one follow its address. Answers the source. */
export async function waitUntilServed(site: Site, other: Site, deadline: Deadline): Promise<string> {
  const probe = async () => {
    const { promoted, unpromoted } = await site.lab.roles(RESOURCE)
    const [source] = promoted
    if (source === undefined || promoted.length + unpromoted.length < site.lab.nodes.length) return undefined
    const own = await Promise.all(unpromoted.map(node => follows(site.lab, node, source)))
    const others = await Promise.all(other.lab.nodes.map(node => follows(other.lab, node, site.vip)))
    return [...own, ...others].every(Boolean) ? source : undefined
  }
  return await site.lab.waitFor(`a source at ${site.vip}, and every other server behind it`, probe, deadline)
}

async function follows(lab: Lab, node: string, source: string): Promise<boolean> {
  const state = await replicaState(lab, node)
  return state.source === source && state.receiving && state.applying
}
