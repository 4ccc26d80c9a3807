import type { Coordinates } from '../lib/mysql/server-facts.ts'

const TEXT = /^the cut of (\S+) at (\d+) has not been checked yet/

/** Why a node is in quarantine from just before a cut until the engine is seen not to have committed what was cut. */
export function uncheckedCut({ file, position }: Coordinates): string {
  return `the cut of ${file} at ${position} has not been checked yet`
}

/** The place of that cut, from the reason of a quarantine; undefined where it is for another reason. */
export function parseUncheckedCut(reason: string): Coordinates | undefined {
  const [, file, position] = TEXT.exec(reason) ?? []
  return file === undefined ? undefined : { file, position: Number(position) }
}
