import type { Coordinates } from '../lib/mysql/server-facts.ts'
import { coordinates, formatWords, parseWords, wholeNumber } from './words.ts'

/**
 * The cluster's record of its source: who it is since which epoch, and where its history stood before the first write.
 * Written by promote before writes open, read by replicas when they follow.
 */
export interface SourceRecord {
  /** Grows by one with every promotion. */
  readonly epoch: number
  /** A node; where another site has the source, the address with the port at which its writers find it. */
  readonly node: string
  /** How many replicas acknowledge each write before its client has its answer, from this promotion on; see Guarantee. */
  readonly acks: number
  /** Whether the promotion was proven to lose nothing. */
  readonly proven: boolean
  /**
   * Nodes that were not heard at a promotion without proof, this one or one before, and at none since: they may hold
   * acknowledged writes that no other node has.
   */
  readonly doubted: readonly string[]
  /** Which boot of its machine it was promoted in. */
  readonly boot: string
  /** Whether it kept its commits over a loss of power then; see Guarantee. Else, after another boot, it may lack what it acknowledged. */
  readonly synced: boolean
  /** Where replicas connect to. */
  readonly host: string
  readonly port: number
  /** server_uuid, or the server_id where there is no uuid. */
  readonly server: string
  /** End of the source's own binary log at the promotion: where a replica without GTID starts. */
  readonly binaryLog: Coordinates
  /** Every transaction that the source had at the promotion, in the server's own words; empty where GTIDs are off. */
  readonly gtid: string
  /**
   * Where this source stood in the binary log of the source before it, when it followed that without GTIDs: a replica
   * that stands there too misses nothing and repeats nothing. Undefined with GTIDs, and for the first source.
   */
  readonly previous: Coordinates | undefined
}

/** Whether the source is another site's: the record names its address, not a node of this cluster. */
export const isAway = ({ node }: SourceRecord): boolean => node.includes(':')

/** The record as one line of text for the cluster property. */
export function formatSourceRecord(record: SourceRecord): string {
  const { epoch, node, acks, proven, doubted, boot, synced, host, port, server, binaryLog, gtid, previous } = record
  const words = {
    epoch,
    node,
    acks,
    proven: proven ? 'yes' : 'no',
    ...(doubted.length > 0 ? { doubted: doubted.join(',') } : {}),
    boot,
    synced: synced ? 'yes' : 'no',
    host,
    port,
    server,
    log: binaryLog.file,
    pos: binaryLog.position,
    gtid,
  }
  return formatWords(previous ? { ...words, previous_log: previous.file, previous_pos: previous.position } : words)
}

/** Throws Failure `unintelligible` for a text that is no such record. */
export function parseSourceRecord(text: string): SourceRecord {
  const what = 'source record'
  const word = parseWords(what, text)
  return {
    epoch: wholeNumber(`${what} epoch`, word('epoch')),
    node: word('node'),
    acks: wholeNumber(`${what} acks`, word('acks')),
    proven: word('proven') === 'yes',
    doubted: word.has('doubted') ? word('doubted').split(',') : [],
    boot: word.has('boot') ? word('boot') : '',
    synced: word.has('synced') && word('synced') === 'yes',
    host: word('host'),
    port: wholeNumber(`${what} port`, word('port')),
    server: word('server'),
    binaryLog: coordinates(what, word('log'), word('pos')),
    gtid: word('gtid'),
    previous: word.has('previous_log') ? coordinates(what, word('previous_log'), word('previous_pos')) : undefined,
  }
}
