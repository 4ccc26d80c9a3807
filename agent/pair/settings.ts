import type { PairView } from './pair-view.ts'

/** Why the two servers would write the same keys or transaction numbers, with the remedy; undefined where they would not. */
export function settingsObjection(node: string, { other, settings }: PairView): string | undefined {
  if (settings === undefined) return undefined
  const { own, others } = settings
  const remedy = '"heir configure --topology multi-primary --format my.cnf" prints what each server needs'
  if (own.increment < 2)
    return `${node} would give out keys that the other node gives out too (auto_increment_increment=${own.increment}): ${remedy}`
  if (others === undefined) return undefined
  if (own.increment !== others.increment || own.offset % own.increment === others.offset % own.increment)
    return `${node} and ${other} would give out the same keys (auto_increment_increment=${own.increment} and ${others.increment}, auto_increment_offset=${own.offset} and ${others.offset}): ${remedy}`
  if (own.domain !== undefined && own.domain === others.domain)
    return `${node} and ${other} number their transactions in one row (gtid_domain_id=${own.domain}): ${remedy}`
  return undefined
}
