/** The name of the resource in these tests. */
export const RESOURCE = 'db'

const PROMOTABLE_CLONE = {
  clone: '0',
  clone_max: '1',
  clone_node_max: '1',
  globally_unique: 'false',
  notify: 'true',
  promotable: 'true',
  promoted_max: '1',
  promoted_node_max: '1',
  on_node: 'node1',
  on_node_uuid: '1',
  timeout: '30000',
}

/** Who is where: on node1 alone, where `action` is about to happen. An empty list comes as one blank. */
function notificationLists(action: string): Record<string, string> {
  const lists = {
    active: 'node1',
    unpromoted: 'node1',
    promoted: ' ',
    inactive: ' ',
    start: ' ',
    stop: ' ',
    promote: ' ',
    demote: ' ',
  }
  const names = Object.entries({ ...lists, [action]: 'node1' })
  return Object.fromEntries(names.map(([name, nodes]) => [`notify_${name}_uname`, nodes]))
}

/** The environment of an action in a promotable clone, as Pacemaker gives it (captured on 2.1.5), with these parameters. */
export function agentEnvironment(
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const lists = action === 'monitor' ? {} : notificationLists(action)
  const meta = Object.entries({ ...PROMOTABLE_CLONE, ...lists }).map(([name, value]) => [`CRM_meta_${name}`, value])
  const variables = [...meta, ...Object.entries(parameters)].map(([name, value]) => [`OCF_RESKEY_${name}`, value])
  return {
    HA_LOGFILE: '/var/log/heir.log',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_RESOURCE_INSTANCE: RESOURCE,
    OCF_RESOURCE_PROVIDER: 'heir',
    OCF_RESOURCE_TYPE: 'mysql',
    OCF_ROOT: '/usr/lib/ocf',
    OCF_RESKEY_crm_feature_set: '3.16.1',
    ...Object.fromEntries(variables),
  }
}
