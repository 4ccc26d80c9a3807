import { formatWords, parseWords, wholeNumber } from './words.ts'

/** An operator's word that a node is to be promoted at the end of an epoch though acknowledged writes may be lost. Void in any other epoch. */
export interface AcceptedLoss {
  readonly epoch: number
  readonly node: string
}

/** The word as one line of text for the cluster property. */
export function formatAcceptedLoss({ epoch, node }: AcceptedLoss): string {
  return formatWords({ epoch, node })
}

/** Throws Failure `unintelligible` for a text of another form. */
export function parseAcceptedLoss(text: string): AcceptedLoss {
  const word = parseWords('accepted loss', text)
  return { epoch: wholeNumber('accepted loss epoch', word('epoch')), node: word('node') }
}
