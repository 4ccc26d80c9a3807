import { once } from 'node:events'
import { Failure } from '../../lib/system/failure.ts'
import { badValues } from '../parameters.ts'
import { type ClientRole, readiness } from '../readiness.ts'
import { type CheckArguments, readCheckRequest } from './check-request.ts'
import { lookAround, type SightRequest } from './check-sight.ts'
import { environmentOf, settingsComplaint } from './settings.ts'

/** What a check ends with: 0 yes, 1 no, 2 asked in a wrong way; the line says why. */
export interface CheckAnswer {
  readonly exit: 0 | 1 | 2
  readonly output: string
  readonly complaint?: string
}

/** Say whether clients may be sent to the server of this node; with --http, until the process is ended. */
export async function check(words: CheckArguments): Promise<CheckAnswer> {
  const request = readCheckRequest(words)
  if (typeof request === 'string') return misuse(request)
  const wrong = settingsComplaint(words.set) ?? badValues(environmentOf(words.set))
  if (wrong !== undefined) return misuse(wrong)
  const { resource } = words
  const sight = { resource, settings: environmentOf(words.set), timeoutMs: request.timeoutMs }
  if (request.serve === undefined) return (await examine(sight))(request.role)

  const { serveChecks } = await import('./check-service.ts')
  const server = await serveChecks(request.serve, request.role, () => examine(sight))
  await once(server, 'close')
  return { exit: 0, output: '' }
}

/** Look once; the answer for each role. Never throws for what can be wrong with a machine. */
export async function examine(request: SightRequest, cibFile?: string): Promise<(role: ClientRole) => CheckAnswer> {
  try {
    const { situation, managed } = await lookAround(request, cibFile)
    return role => answer(role, readiness(role, situation, managed))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return role => answer(role, { ready: false, because: error.message })
  }
}

const answer = (role: ClientRole, { ready, because }: ReturnType<typeof readiness>): CheckAnswer =>
  ready ? { exit: 0, output: `${role}: ${because}\n` } : { exit: 1, output: `not ${role}: ${because}\n` }

const misuse = (complaint: string): CheckAnswer => ({ exit: 2, output: '', complaint })
