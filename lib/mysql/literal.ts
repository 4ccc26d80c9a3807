/** A text as an SQL literal. Holds under every sql_mode but NO_BACKSLASH_ESCAPES. */
export function escapeText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
