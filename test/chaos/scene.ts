import type { Lab } from '../lab/lab.ts'
import type { Scene } from './types.ts'

/** The cluster as it is before a fault, with this source. */
export async function setScene(
  lab: Lab,
  source: string,
  { random, note }: Pick<Scene, 'random' | 'note'>,
): Promise<Scene> {
  const status = await lab.cluster()
  return { lab, source, replicas: lab.nodes.filter(node => node !== source), dc: status?.dc ?? '', random, note }
}

/** Draw one of the choices; the note says which, and of what. */
export function pick<T extends string | number>(scene: Scene, what: string, choices: readonly T[]): T {
  const choice = choices[Math.floor(scene.random() * choices.length)]
  if (choice === undefined) throw new Error(`${what}: nothing to choose from`)
  scene.note(`drawn: ${what} = ${choice}`)
  return choice
}

/** Draw a whole number from one up to and with the other. */
export function draw(scene: Scene, what: string, from: number, to: number): number {
  const number = from + Math.floor(scene.random() * (to - from + 1))
  scene.note(`drawn: ${what} = ${number}`)
  return number
}
