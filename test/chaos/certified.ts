import { ATTRIBUTES } from '../../cib/attributes.ts'
import type { Deadline } from '../../lib/system/deadline.ts'
import { healthySource, RESOURCE, waitUntilHealthy } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'

/**
 * Wait until the cluster is healthy and its guarantee in force: by the cluster's own word, every acknowledged write is on a replica,
 * and every replica acknowledges, but for those in quarantine. Answers the source.
 */
export async function waitUntilCertified(
  lab: Lab,
  deadline: Deadline,
  quarantined: readonly string[] = [],
): Promise<string> {
  const healthy = await waitUntilHealthy(lab, deadline, quarantined)
  const description = `the guarantee in force, and every node but ${[healthy, ...quarantined].join(', ')} an acker`
  return await lab.waitFor(description, () => certifiedSource(lab, quarantined), deadline)
}

/** The same at one look; undefined where something is amiss. */
export async function certifiedSource(lab: Lab, quarantined: readonly string[] = []): Promise<string | undefined> {
  const source = await healthySource(lab, quarantined)
  if (source === undefined) return undefined
  const property = (name: string) => answerOf(lab, source, ['--type', 'crm_config', '--name', name])
  const record = await property(ATTRIBUTES.sourceRecord(RESOURCE))
  const epoch = word(record, 'epoch')
  const guarantee = await property(ATTRIBUTES.guarantee(RESOURCE))
  const acks = word(guarantee, 'epoch') === epoch ? word(guarantee, 'acks') : word(record, 'acks')
  const replicas = lab.nodes.filter(node => node !== source && !quarantined.includes(node))
  const registered = replicas.map(async node => {
    return word(await property(ATTRIBUTES.acker(RESOURCE, node)), 'epoch') >= epoch
  })
  if (acks <= 0 || !(await Promise.all(registered)).every(Boolean)) return undefined
  const ask = [lab.engine.client, '--batch', '--skip-column-names', '--execute', ACKERS]
  return Number((await printed(lab, source, ask)).split('\t')[1]) >= replicas.length ? source : undefined
}

/** Replicas that acknowledge at this moment, in the old words and the new. */
const ACKERS = "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_%_clients'"

function answerOf(lab: Lab, node: string, what: readonly string[]): Promise<string> {
  return printed(lab, node, ['crm_attribute', ...what, '--query', '--quiet'])
}

/** Empty where nobody answers: the power of the node may go off at any time. */
async function printed(lab: Lab, node: string, argv: readonly string[]): Promise<string> {
  return await lab.exec(node, argv).then(
    ({ stdout }) => stdout,
    () => '',
  )
}

/** The number behind a name; -1 where it is not there. */
const word = (text: string, name: string) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(text)?.[1] ?? -1)
