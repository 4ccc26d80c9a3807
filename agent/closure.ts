import type { Situation } from './situation.ts'

/** Why this server must not take writes though it does; undefined where it may. */
export function whyClosed({ node, memory: { record, handover } }: Situation): string | undefined {
  if (record === undefined) return undefined
  if (record.node !== node) return `mysqld takes writes, but ${record.node} is the source since epoch ${record.epoch}`
  return handover?.epoch === record.epoch
    ? `mysqld takes writes again after it has handed over in epoch ${record.epoch}`
    : undefined
}
