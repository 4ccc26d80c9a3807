import type { Coordinates } from '../lib/mysql/server-facts.ts'
import { Failure } from '../lib/system/failure.ts'

/**
 * The text of a structured attribute: `key=value` words with one blank between them, readable in crm_mon and in the CIB.
 * Values must not hold blanks or quotes; attrd_updater's output does not escape them.
 */
export function formatWords(words: Readonly<Record<string, string | number>>): string {
  return Object.entries(words)
    .map(([key, value]) => {
      if (/[\s"<>&]/.test(String(value)))
        throw new Failure('unintelligible', `${key}: "${value}" cannot be an attribute's word`)
      return `${key}=${value}`
    })
    .join(' ')
}

/** Reads the words of one attribute by key. */
export interface WordReader {
  /** Throws Failure `unintelligible` when the word is missing. */
  (key: string): string
  has(key: string): boolean
}

/** Read such a text. `what` names the attribute in the sentence of the Failure `unintelligible` for a word without a key. */
export function parseWords(what: string, text: string): WordReader {
  const words = new Map<string, string>()
  for (const word of text.split(' ')) {
    const equals = word.indexOf('=')
    if (equals < 1) throw unintelligible(what, `"${word.slice(0, 60)}" is not a key=value word`)
    words.set(word.slice(0, equals), word.slice(equals + 1))
  }
  const read = (key: string) => {
    const value = words.get(key)
    if (value === undefined) throw unintelligible(what, `the word ${key}= is missing`)
    return value
  }
  return Object.assign(read, { has: (key: string) => words.has(key) })
}

/** A whole number not below zero, from a word. */
export function wholeNumber(what: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw unintelligible(what, `"${text.slice(0, 60)}" is not a whole number`)
  return Number(text)
}

/** A place in a binary log, from two words. */
export function coordinates(what: string, file: string, position: string): Coordinates {
  return { file, position: wholeNumber(`${what} position`, position) }
}

const unintelligible = (what: string, fault: string) =>
  new Failure('unintelligible', `${what}: ${fault}; delete the attribute or write it again`)
