import { outdatedDetail, skippedDetail } from './divergence.ts'
import type { Subject } from './fitness-signs.ts'
import { outdated, skipped } from './holds.ts'
import { judgeLag } from './lag.ts'
import { verdictOn } from './rejoin.ts'

/** What the server itself, or the cluster, says about what a rule of fitness has found, as the end of its sentence. */
export function detail(because: string, subject: Subject): string {
  const { facts, memory, node } = subject
  const { replication } = facts
  const verdict = because.includes('cannot follow') ? verdictOn(subject, subject.facts) : undefined
  if (verdict?.say === 'barred') return `: ${verdict.because}`
  if (because.includes('skipped')) return skippedDetail(node, facts.flavour, skipped(subject, facts))
  if (because.startsWith('lacks')) return outdatedDetail(node, facts.flavour, outdated(subject, facts))
  const quarantine = memory.quarantines.get(node)
  if (because.includes('of its own') && quarantine !== undefined) return `: ${quarantine}`
  const error = replication?.applierError ?? replication?.receiverError
  if (because.includes('backup')) return `: ${subject.readers.backup?.because}`
  if (because.includes('trails')) return `: ${judgeLag(subject).because}`
  return said(error)
}

const LONG = 200

/** What a server says is wrong, as the end of a sentence, with the code at its end however long it is; nothing where it says nothing. */
export function said(error: string | undefined): string {
  if (error === undefined) return ''
  const line = error.replaceAll(/\s+/g, ' ')
  const [code = ''] = / \(\d+\)$/.exec(line) ?? []
  return line.length > LONG ? `: ${line.slice(0, LONG - code.length)}…${code}` : `: ${line}`
}
