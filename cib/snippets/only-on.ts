import type { Constraint } from './configuration.ts'

/** Keep a resource on these nodes. Pacemaker does not even look for it elsewhere, where its agent may be missing, or mistaken. */
export const onlyOn = (id: string, resource: string, nodes: readonly string[], because: string): Constraint => ({
  id,
  kind: 'location',
  resource,
  score: '-INFINITY',
  rule: { match: 'and', expressions: nodes.map(node => ({ attribute: '#uname', is: 'ne' as const, value: node })) },
  discovery: 'never',
  because,
})
