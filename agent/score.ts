/**
 * Promotion scores. Pacemaker promotes the highest, and never one below zero. Constraints are added to them: a location
 * preference below 100 chooses among equals, and never prefers an instance that trails to one in step. Colocations count too:
 * addresses that keep away from the source would drive it away from the only node on which they may run.
 */
export const SCORE = {
  source: 10_000, // takes the writes: keep it there
  successor: 10_500, // preferred to the source, and in step for long enough: it takes the place
  candidate: 900, // in step with the source
  formerSource: 850, // was the source last, and follows nobody yet
  fresh: 500, // the cluster has had no source yet
  trailing: 100, // far behind: promote only when nothing better is left
  backup: 50, // a backup runs here, which a promotion would disturb
  unfit: '-INFINITY', // never promote
} as const
