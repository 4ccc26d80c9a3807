import type { FlavourName } from '../../lib/mysql/server-facts.ts'

/** The flavours as an administrator names them in front of a version. */
export const ENGINES = ['mysql', 'mariadb'] as const satisfies readonly FlavourName[]

/** The oldest versions that heir is written for. */
const OLDEST: Readonly<Record<FlavourName, string>> = { mysql: '8.0.26', mariadb: '10.6' }

/** The engine with or without a version; which formats need one is theirs to say. */
export function engineComplaint({ engine }: { readonly engine: string | undefined }): string | undefined {
  if (engine === undefined) return undefined
  const [, name = '', version] = /^([a-z]+)(?:-(\d+(?:\.\d+)+))?$/.exec(engine) ?? []
  const known = ENGINES.find(engine => engine === name)
  if (known === undefined) return `engine ${engine} is unknown: use ${ENGINES.join(' or ')}, or such as mariadb-10.11`
  if (version === undefined || !isOlder(version, OLDEST[known])) return undefined
  return `${name} ${version} is too old: use ${OLDEST[known]} or later`
}

/** A version that ends early is any of that series: 8.0 may be 8.0.26. */
function isOlder(version: string, oldest: string): boolean {
  const [given, least] = [version.split('.').map(Number), oldest.split('.').map(Number)]
  for (const [place, number] of given.entries()) {
    const other = least[place]
    if (other === undefined || number !== other) return other !== undefined && number < other
  }
  return false
}
