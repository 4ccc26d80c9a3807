/** Text as roff shows it: hyphens that can be copied, backslashes, and no line that is taken for a request. */
export const text = (words: string): string =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1')

/** A section of a manual page. */
export const section = (title: string, ...parts: readonly string[]): string => `.SH ${title}\n${parts.join('')}`

/** A paragraph of running text. */
export const paragraph = (words: string): string => `.PP\n${text(words)}\n`

/** A term in bold and what it means, which may have several paragraphs. */
export const entry = (term: string, ...meaning: readonly string[]): string =>
  `.TP\n.B ${quoted(term)}\n${meaning.map(text).join('\n.IP\n')}\n`

/** Lines as they are, in a fixed-width font. */
export const example = (lines: string): string => `.PP\n.RS 4\n.nf\n${text(lines)}\n.fi\n.RE\n`

/** A word as the one argument of a request. */
const quoted = (word: string) => `"${text(word).replaceAll('"', '\\(dq')}"`
