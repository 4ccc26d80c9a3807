import { configureText } from '../../../agent/commands/configure.ts'
import type { ConfigureArguments } from '../../../agent/commands/configure-request.ts'
import type { Account } from '../../../lib/mysql/connection.ts'

/** Three nodes with an address for writers and two for readers. */
export const words = (change: Partial<ConfigureArguments> = {}): ConfigureArguments => ({
  topology: 'single-primary',
  resource: 'db',
  nodes: 'alpha,beta,gamma',
  address: [],
  writerVip: '10.0.0.100/24',
  readerVip: ['10.0.0.101/24', '10.0.0.102/24'],
  nic: 'eth0',
  balanced: false,
  prefer: '',
  failback: false,
  lvs: undefined,
  balancers: '',
  checkPort: 9200,
  routerId: 51,
  boothVip: undefined,
  boothSite: [],
  arbitrator: [],
  firstServerId: 1,
  format: 'crm',
  engine: undefined,
  node: undefined,
  set: [],
  ...change,
})

/** What is printed for these words; throws the refusal. */
export function printed(change: Partial<ConfigureArguments>, account?: Account): string {
  const answer = configureText(words(change), account)
  if ('refusal' in answer) throw new Error(answer.refusal)
  return answer.text
}
