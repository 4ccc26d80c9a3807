import { type Notification, readNotification } from '../cib/notification.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** How the cluster called the agent: everything in the environment that is not a parameter. */
export interface Invocation {
  /** Name of the resource, without the number of its instance. */
  readonly resource: string
  /** Node name as the cluster knows it; undefined when called by hand. */
  readonly node: string | undefined
  readonly timeoutMs: number
  readonly intervalMs: number
  /** How many instances the clone may have; 1 outside of a clone. */
  readonly instances: number
  /** How many of them may be promoted. */
  readonly promotedMax: number
  readonly inClone: boolean
  readonly notify: boolean
  readonly promotable: boolean
  readonly notification: Notification | undefined
  readonly exitReasonPrefix: string
  /** The version of what the cluster's Pacemaker can do, on all nodes; undefined when called by hand. */
  readonly featureSet: string | undefined
  /** The major version of the OCF API that the caller speaks. */
  readonly ocfMajor: number
}

/** Pacemaker always states the timeout; this one is for a call by hand. */
const DEFAULT_TIMEOUT_MS = 60_000

/** Read the environment of an action (resource agent API 1.1, "Environment"; Pacemaker Administration, "Environment Variables"). */
export function readInvocation(env: Environment): Invocation {
  const meta = (name: string) => env[`OCF_RESKEY_CRM_meta_${name}`]
  const count = (name: string, otherwise: number) => {
    const value = Number(meta(name))
    return Number.isSafeInteger(value) && value > 0 ? value : otherwise
  }
  return {
    resource: (env['OCF_RESOURCE_INSTANCE'] || 'mysql').replace(/:\d+$/, ''),
    node: meta('on_node') || undefined,
    timeoutMs: count('timeout', DEFAULT_TIMEOUT_MS),
    intervalMs: count('interval', 0),
    instances: count('clone_max', 1),
    promotedMax: count('promoted_max', count('master_max', 1)),
    inClone: meta('clone_max') !== undefined,
    notify: isTrue(meta('notify')),
    promotable: isTrue(meta('promotable')) || meta('promoted_max') !== undefined || meta('master_max') !== undefined,
    notification: readNotification(env),
    exitReasonPrefix: env['OCF_EXIT_REASON_PREFIX'] || 'ocf-exit-reason:',
    featureSet: env['OCF_RESKEY_crm_feature_set'] || undefined,
    ocfMajor: Number(env['OCF_RA_VERSION_MAJOR'] || '1'),
  }
}

const isTrue = (text: string | undefined) => ['true', 'yes', 'on', '1', 'y'].includes(text?.toLowerCase() ?? '')
