import { stayingPromoted } from '../../cib/notification.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { follow } from '../follow.ts'
import { lookAgain, type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'
import { parseUncheckedCut } from '../unchecked-cut.ts'

/** Start a stopped server, read-only from its first instant. What a crashed source wrote and nobody acknowledged is cut before. */
export function startStopped({ node, tail, memory: { record } }: Situation): Plan {
  if (tail?.say === 'cut' && record?.proven === false) {
    const because = `${record.node} was promoted without proof, so what it lacks may have been acknowledged`
    return lookAgain(`starting mysqld without cutting its binary log: ${because}`, [{ do: 'launch-server' }])
  }
  if (tail?.say === 'cut') {
    return lookAgain(`${node} was the source and crashed; ${tail.because}`, [
      { do: 'cut-tail', cut: tail.cut },
      { do: 'launch-server' },
      { do: 'check-cut', cut: tail.cut },
    ])
  }
  const remark = tail?.say === 'refuse' ? ` without cutting its binary log: ${tail.because}` : ''
  return lookAgain(`starting mysqld${remark}`, [{ do: 'launch-server' }])
}

/** An earlier start went past its timeout; the server is still on its way. */
export const startStarting = (): Plan => lookAgain('mysqld is still starting', [{ do: 'await-server' }])

/** Pacemaker takes a started instance to be unpromoted: make it so. */
export const startPromoted = (): Plan =>
  lookAgain('mysqld runs already and takes writes', [{ do: 'close-writes' }, { do: 'disarm-source' }])

/** The server runs read-only: follow the source, where there is one now. */
export function startUnpromoted(situation: Situation, facts: ServerFacts): Plan {
  const {
    node,
    notification,
    memory: { record, quarantines },
  } = situation
  const cut = parseUncheckedCut(quarantines.get(node) ?? '')
  if (cut !== undefined) return lookAgain('checking the cut of a start that was cut short', [{ do: 'check-cut', cut }])
  if (!record) return proceed('started; the cluster has had no source yet')
  if (record.node === node) return proceed('started; this node has been the source last')
  if (notification && !stayingPromoted(notification).includes(record.node)) {
    return proceed(`started; ${record.node} has been the source last and is not promoted now`)
  }
  return follow(situation, facts, record)
}
