import type { Standing } from './gtid-set.ts'
import type { Coordinates } from './server-facts.ts'

/**
 * How two places in the binary log of one server stand to each other; undefined when the base names of the files differ.
 * The number after the last dot orders the files ("binlog.000009" before "binlog.1000000").
 */
export function compareCoordinates(a: Coordinates, b: Coordinates): Standing | undefined {
  const [aBase, aNumber] = splitLogName(a.file)
  const [bBase, bNumber] = splitLogName(b.file)
  if (aBase !== bBase) return undefined
  const difference = aNumber - bNumber || a.position - b.position
  return difference === 0 ? 'equal' : difference > 0 ? 'ahead' : 'behind'
}

function splitLogName(file: string): readonly [base: string, number: number] {
  const dot = file.lastIndexOf('.')
  return [file.slice(0, dot), Number(file.slice(dot + 1))]
}
