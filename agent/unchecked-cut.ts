import type { TailCut } from '../lib/mysql/tail.ts'

/** Where a log was cut: what the check of a cut needs to know. */
export type CutPlace = Pick<TailCut, 'file' | 'position'>

/** The reason for a quarantine that lasts from a cut to its check. */
export const formatUncheckedCut = ({ file, position }: CutPlace) =>
  `the cut of ${file} at ${position} has not been checked yet`

/** Read it back from the text of a quarantine; undefined where that has another reason. */
export function parseUncheckedCut(quarantine: string): CutPlace | undefined {
  const [, file, position] = /^the cut of (.+) at (\d+) has not been checked yet/.exec(quarantine) ?? []
  return file === undefined ? undefined : { file, position: Number(position) }
}
