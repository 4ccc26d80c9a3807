/** One word, or the space between two; a word is made of pieces: quoted, escaped or plain. */
const WORD_OR_SPACE = /((?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+)|\s+/gsy

/** One piece of a word. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs

/**
 * Split text into words as a shell would, without being one: single and double quotes group, a backslash takes the next
 * character as it is (inside double quotes only before `"` and `\`). Nothing is expanded.
 * Answers undefined when a quote is not closed or the text ends in a backslash.
 */
export function splitWords(text: string): readonly string[] | undefined {
  const parts = [...text.matchAll(WORD_OR_SPACE)]
  const understood = parts.reduce((length, [part]) => length + part.length, 0)
  if (understood < text.length) return undefined
  return parts.flatMap(([, word]) => (word === undefined ? [] : [unquote(word)]))
}

const unquote = (word: string): string =>
  word.replace(PIECE, (_, single?: string, double?: string, escaped?: string) => {
    return single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? ''
  })
