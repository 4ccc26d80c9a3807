import { Deadline } from '../../../lib/system/deadline.ts'
import { RESOURCE } from '../../lab/heir-cluster.ts'
import type { Lab } from '../../lab/lab.ts'
import { readerPlaces } from '../../lab/reader-places.ts'
import type { WriteLoad } from '../../lab/write-load.ts'

/** Files of the nodes that the parameters name. */
export const LOCK = '/run/backup.lock'
export const SCRIPT = '/usr/local/sbin/after-promotion'

/** The parameters of the cluster that all scenarios share. */
export const PARAMETERS = [
  ...['max_replica_lag=12', 'reader_return_lag=4', `backup_lockfile=${LOCK}`],
  ...[`post_promote_script=${SCRIPT}`, 'post_promote_timeout=5'],
]

/** Time for what the cluster does by itself. */
export const soon = () => Deadline.in(90_000)

/** A healthy cluster under load, when a scenario begins. */
export interface Stage {
  readonly lab: Lab
  readonly load: WriteLoad
  readonly source: string
  /** The replica to which it happens, and the other one. */
  readonly replica: string
  readonly other: string
}

export interface Scenario {
  readonly title: string
  readonly play: (stage: Stage) => Promise<void>
}

/** Wait until the addresses for readers, two of them, are on these nodes. */
export async function readersAt(lab: Lab, ...nodes: readonly string[]): Promise<void> {
  const wanted = nodes.toSorted().join()
  const areThere = async () => (await readerPlaces(lab)).join() === wanted || undefined
  await lab.waitFor(`the readers on ${wanted}`, areThere, soon())
}

/** A transient attribute of a node; empty where it is not set. */
export async function attribute(lab: Lab, node: string, name: string): Promise<string> {
  const query = ['crm_attribute', '--lifetime', 'reboot', '--node', node, '--name', name, '--query', '--quiet']
  return (await lab.exec(node, query)).stdout.trim()
}

const scoreOf = (lab: Lab, node: string) => attribute(lab, node, `master-${RESOURCE}`)

/** Wait until a node has that promotion score. */
export async function score(lab: Lab, node: string, wanted: string): Promise<void> {
  const isIt = async () => (await scoreOf(lab, node)) === wanted || undefined
  await lab.waitFor(`the score ${wanted} of ${node}`, isIt, soon())
}
