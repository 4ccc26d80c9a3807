import { LVS_PROGRAMS } from '../../cib/snippets/lvs.ts'
import { isNodeName } from '../node-names.ts'
import { duplicate } from './settings.ts'

/** What the words say about LVS, and the nodes that hold the data. */
interface LvsWords {
  readonly lvs: string | undefined
  readonly balancers: readonly string[]
  readonly nodes: readonly string[]
  readonly format: string
}

/** The program that balances; undefined where the words name none, or none that is known. */
export const lvsProgramOf = ({ lvs }: { readonly lvs: string | undefined }) =>
  LVS_PROGRAMS.find(program => program === lvs)

/** What is wrong with them, in one sentence with the remedy; undefined when they make sense. */
export function lvsComplaint({ lvs, balancers, nodes, format }: LvsWords): string | undefined {
  const programs = LVS_PROGRAMS.join(' or ')
  if (lvs === undefined) return balancers.length === 0 ? undefined : `balancers are for LVS: add --lvs ${programs}`
  if (lvsProgramOf({ lvs }) === undefined) return `lvs ${lvs} is unknown: use ${programs}`
  if (format === 'haproxy') return 'haproxy balances without LVS: leave --lvs and --balancers out everywhere'
  if (lvsProgramOf({ lvs: format }) !== undefined && format !== lvs)
    return `${format} tells LVS nothing here: use --lvs ${format} everywhere`
  if (balancers.length === 0) return 'LVS has no balancer: list them as --balancers lb1,lb2'
  const wrong = balancers.find(name => !isNodeName(name))
  if (wrong !== undefined) return `balancer "${wrong}" is no host name: list the balancers as lb1,lb2`
  const twin = duplicate(balancers)
  if (twin !== undefined) return `balancer ${twin} is listed twice: name each once`
  const both = balancers.find(name => nodes.includes(name))
  return both === undefined ? undefined : `${both} is a node and a balancer: use a machine without a server to balance`
}
