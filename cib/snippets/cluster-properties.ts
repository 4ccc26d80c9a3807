import type { Setting } from './configuration.ts'

/** What the cluster itself is told. */
export const CLUSTER_PROPERTIES: readonly Setting[] = [
  {
    name: 'stonith-enabled',
    value: 'true',
    because: 'a node that does not answer is powered off before another one is promoted',
  },
  { name: 'no-quorum-policy', value: 'stop', because: 'a minority closes its source and takes its addresses down' },
  {
    name: 'transition-delay',
    value: '100ms',
    because: 'without it the controller often sleeps a whole second after the loss of a node, before it acts',
  },
  {
    name: 'load-threshold',
    value: '1000%',
    because:
      'by default a load of 1.6 per core on any node makes the cluster take one action at a time, just when a failover is due',
  },
  {
    name: 'cluster-recheck-interval',
    value: '60s',
    because: 'the longest time after which an expired failure is noticed, if the timer for it should be missed',
  },
]
