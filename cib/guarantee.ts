import { formatWords, parseWords, wholeNumber } from './words.ts'

/**
 * On how many replicas every acknowledged write of an epoch is at least, and whether it is on the source's disk. The record
 * of the source says what it was when the epoch began; this says what it became. Lowered here before the source waits for
 * less, raised after it waits for more.
 */
export interface Guarantee {
  readonly epoch: number
  /** 0: the source commits alone, and its writes are not certified. */
  readonly acks: number
  /** Whether the source has over a loss of power what it acknowledges. */
  readonly synced: boolean
}

/** The guarantee as one line of text for the cluster property. */
export function formatGuarantee({ epoch, acks, synced }: Guarantee): string {
  return formatWords({ epoch, acks, synced: synced ? 'yes' : 'no' })
}

/** Throws Failure `unintelligible` for a text of another form. */
export function parseGuarantee(text: string): Guarantee {
  const word = parseWords('guarantee', text)
  return {
    epoch: wholeNumber('guarantee epoch', word('epoch')),
    acks: wholeNumber('guarantee acks', word('acks')),
    synced: word.has('synced') && word('synced') === 'yes',
  }
}
