import { splitWords } from '../lib/system/split-words.ts'
import type { Reading } from './parameter-type.ts'

interface Refusal {
  /** Names as mysqld takes them, without dashes in front, "-" for "_"; one letter for a short option. */
  readonly options: readonly string[]
  /** The end of a sentence that begins with the option. */
  readonly because: string
}

/** Options of mysqld that the agent gives itself, or that undo what it relies on. */
const REFUSALS: readonly Refusal[] = [
  { options: ['read-only', 'super-read-only'], because: 'is decided by the role: remove it' },
  { options: ['skip-replica-start', 'skip-slave-start'], because: 'is always given by the agent: remove it' },
  {
    options: ['source', 'master', 'replica', 'slave'].map(side => `rpl-semi-sync-${side}-enabled`),
    because: 'is decided by the agent: remove it',
  },
  { options: ['init-rpl-role'], because: 'can delete acknowledged transactions: remove it' },
  { options: ['relay-log-recovery'], because: 'throws away received transactions: remove it' },
  { options: ['tc-heuristic-recover'], because: 'guesses the fate of prepared transactions: remove it' },
  { options: ['skip-log-bin', 'disable-log-bin'], because: 'leaves replicas nothing to follow: remove it' },
  { options: ['skip-networking'], because: 'keeps replicas from connecting: remove it' },
  { options: ['datadir', 'h'], because: 'has a parameter of its own: set datadir' },
  { options: ['socket'], because: 'has a parameter of its own: set socket' },
  { options: ['pid-file'], because: 'has a parameter of its own: set pid' },
  { options: ['log-error'], because: 'has a parameter of its own: set log' },
  { options: ['user', 'u'], because: 'has a parameter of its own: set user' },
  { options: ['defaults-file', 'defaults-extra-file', 'no-defaults'], because: 'picks the files to read: set config' },
  { options: ['daemonize', 'D'], because: 'detaches the server from the agent: remove it' },
  {
    options: ['initialize', 'initialize-insecure', 'bootstrap', 'validate-config', 'print-defaults'],
    because: 'runs no server: remove it',
  },
  { options: ['help', '?', 'version', 'V'], because: 'runs no server: remove it' },
]

/** Read words for the server's command line; an option that contradicts the agent is a fault. */
export function readServerOptions(text: string): Reading<readonly string[]> {
  const words = splitWords(text)
  if (words === undefined) return { fault: 'has an open quote or ends in a backslash: close the quote' }
  for (const word of words) {
    const names = spellings(word)
    const refusal = REFUSALS.find(({ options }) => options.some(option => names.includes(option)))
    if (refusal !== undefined) return { fault: `contains ${word.replace(/=.*/s, '')}, which ${refusal.because}` }
  }
  return { value: words }
}

/** The names under which mysqld may know an option: it ignores `loose-`, and switches with `skip-`, `disable-`, `enable-`. */
function spellings(word: string): readonly string[] {
  const [, short] = /^-([^-])/.exec(word) ?? []
  if (short !== undefined) return [short]
  const [, long] = /^--([^=]*)/.exec(word) ?? []
  if (long === undefined) return []
  const name = long.replaceAll('_', '-').replace(/^loose-/, '')
  return [name, name.replace(/^(skip|disable|enable)-/, '')]
}
