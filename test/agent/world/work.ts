import { apply, receive } from './flow.ts'
import { act, canElect, elect } from './pacemaker.ts'
import { fence } from './power.ts'
import { majorityOf, type Node, type World } from './world.ts'

/** So many times, and once more. */
export function times(number: number, happening: () => unknown): void {
  for (let time = 0; time <= number; time++) happening()
}

/** All that there is to be received is received and applied. */
export function flow(world: World, node: Node): void {
  while (receive(world, node, false) || apply(world, node));
}

/** More moments than any action has that does not wait. */
const LONG = 40

/** An action runs to its end, or until it waits. */
export function finish(world: World, node: Node): void {
  act(world, node)
  for (let moment = 0; moment < LONG && node.action !== undefined; moment++) act(world, node)
}

/** The cluster does most of what it has to do, or all of it; some notifications are lost. */
export function work(world: World, candidate: Node, how: number): void {
  const nodes = inOrder(world, how)
  if (how & 8) for (const node of nodes) if (mayFence(world, node)) fence(world, node, how % 4)
  for (const node of nodes) finish(world, node)
  if (how & 16 && canElect(world, candidate)) elect(world, candidate, ({ id }) => how % 8 === id)
  for (const node of [...nodes, candidate, ...nodes]) finish(world, node)
  if (how & 32) for (const node of nodes) flow(world, node)
}

/** The nodes, beginning with another one each time. */
export const inOrder = ({ nodes }: World, how: number) => [
  ...nodes.slice(how % nodes.length),
  ...nodes.slice(0, how % nodes.length),
]

/** The majority fences a node that it has lost, or that fails to stop. */
export function mayFence(world: World, node: Node): boolean {
  const [judge] = majorityOf(world)
  return judge !== undefined && !node.fenced && (!node.up || node.side !== judge.side)
}
