import type { Constraint, Missing, Resource } from './configuration.ts'

/** One device for each node, to be filled in: only who owns the machines knows what cuts their power. */
export const fencingDevices = (nodes: readonly string[]): Missing => ({
  because:
    'MISSING HERE, and only you know it: fencing. With stonith-enabled=true and no fencing device Pacemaker starts nothing, and without fencing a node that is only cut off could go on taking writes. Fill in what follows, for the agent that fits your machines (fence_ipmilan, fence_vmware_rest, fence_sbd, ...; "stonith_admin -I" lists those installed), remove the marks of the comment, and let each device really cut the power once. Leave it out where the cluster has devices for all these nodes already.',
  resources: nodes.map(device),
  constraints: nodes.map(awayFromHome),
})

const device = (node: string): Resource => ({
  id: `fence-${node}`,
  agent: 'stonith:fence_ipmilan',
  because: `cuts the power of ${node}`,
  parameters: [
    { name: 'pcmk_host_list', value: node },
    { name: 'ip', value: 'ADDRESS' },
    { name: 'username', value: 'USER' },
    { name: 'password_script', value: '/etc/heir/PROGRAM' },
  ],
  operations: [{ name: 'monitor', timeoutSeconds: 60, intervalSeconds: 60 }],
  meta: [],
})

const awayFromHome = (node: string): Constraint => ({
  id: `fence-${node}-away-from-home`,
  kind: 'location',
  resource: `fence-${node}`,
  score: '-INFINITY',
  rule: { match: 'and', expressions: [{ attribute: '#uname', is: 'eq', value: node }] },
  because: 'a node that does not answer cannot cut its own power',
})
