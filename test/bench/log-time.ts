const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const STAMP = /^(\w{3}) (\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3}) /

/**
 * When a line of Pacemaker's log was written, in milliseconds since 1970; undefined for a line without such a stamp. The stamp has no
 * year: it is the one that the line comes closest to `near` with. Nodes of the lab keep this computer's time zone.
 */
export function logTime(line: string, near: number): number | undefined {
  const [, month = '', ...numbers] = STAMP.exec(line) ?? []
  if (month === '') return undefined
  const [day = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = numbers.map(Number)
  const year = new Date(near).getFullYear()
  const candidates = [year - 1, year, year + 1].map(candidate =>
    new Date(candidate, MONTHS.indexOf(month), day, hours, minutes, seconds, milliseconds).getTime(),
  )
  return candidates.toSorted((a, b) => Math.abs(a - near) - Math.abs(b - near))[0]
}
