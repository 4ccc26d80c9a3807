import type { Property } from './amendment.ts'
import { ATTRIBUTES } from './attributes.ts'
import { formatWords, parseWords, wholeNumber } from './words.ts'

/**
 * A replica's word that its acknowledgements count, given before the first of them: from then on an election reckons with
 * writes that nobody holds but this replica and the source.
 */
export interface Registration {
  /** The last epoch in which it acknowledges. */
  readonly epoch: number
  /** The boot of its machine: after another one, what it acknowledged may be gone where its disk was not synchronized. */
  readonly boot: string
  /** Milliseconds since 1970: makes each registration another text, so that only the one that was seen is ever removed. */
  readonly at: number
}

/** The registration as one line of text for the node attribute. */
export function formatRegistration({ epoch, boot, at }: Registration): string {
  return formatWords({ epoch, boot, at })
}

/** The cluster property that says so of a node; `reign` is what the names of the source's attributes begin with. */
export function registrationProperty(reign: string, node: string, registration: Registration): Property {
  return { name: ATTRIBUTES.acker(reign, node), value: formatRegistration(registration) }
}

/** Throws Failure `unintelligible` for a text of another form. */
export function parseRegistration(text: string): Registration {
  const word = parseWords('registration', text)
  return {
    epoch: wholeNumber('registration epoch', word('epoch')),
    boot: word('boot'),
    at: wholeNumber('registration time', word('at')),
  }
}
