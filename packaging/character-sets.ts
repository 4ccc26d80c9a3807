/*
 * Stands in for iconv-lite, whose tables for the world's character sets are half a megabyte that mysql2 loads at once.
 * The agent talks utf8mb4, which mysql2 decodes by itself. What is left is the server's own utf8mb3 (of its greeting and
 * of column names): mysql2 calls that CESU-8, but it has no characters in which CESU-8 differs from UTF-8.
 */

/** Decodes the text of one character set. */
export function getDecoder(charset: string) {
  refuseAllBut('cesu8', charset)
  return { write: (bytes: Buffer) => bytes.toString('utf8'), end: () => '' }
}

/** Encodes text in one character set. */
export function getEncoder(charset: string) {
  refuseAllBut('cesu8', charset)
  return { write: (text: string) => Buffer.from(text, 'utf8'), end: () => undefined }
}

function refuseAllBut(known: string, charset: string): void {
  if (charset !== known) throw new Error(`the character set ${charset} is left out of this executable`)
}
