import { Failure } from '../lib/system/failure.ts'
import { formatWords, parseWords, wholeNumber } from './words.ts'

/** What a donor can send over a channel of heir's own. */
export const SEED_METHODS = ['backup', 'dump'] as const

/** One of them. */
export type SentMethod = (typeof SEED_METHODS)[number]

/** A node's word that it waits for another one's data. Holds no secret: both know the replication account's password. */
export interface SeedRequest {
  readonly donor: string
  readonly method: SentMethod
  /** Where the donor is to call. */
  readonly host: string
  readonly port: number
  /** Makes the key of each transfer another one, and tells requests apart. */
  readonly nonce: string
}

/** The request as one line of text for the cluster property. */
export function formatSeedRequest({ donor, method, host, port, nonce }: SeedRequest): string {
  return formatWords({ donor, method, host, port, nonce })
}

/** Throws Failure `unintelligible` for a text of another form. */
export function parseSeedRequest(text: string): SeedRequest {
  const word = parseWords('seed request', text)
  const method = SEED_METHODS.find(known => known === word('method'))
  if (method === undefined) throw new Failure('unintelligible', `seed request: "${word('method')}" is no method`)
  const port = wholeNumber('seed request port', word('port'))
  return { donor: word('donor'), method, host: word('host'), port, nonce: word('nonce') }
}
