import { type ParameterName, parseParameters } from '../../agent/parameters.ts'

/** What the user has set, by the names of the parameters. */
export type Settings = Partial<Record<ParameterName, string>>

/** The same as Pacemaker hands it over. */
export const environment = (settings: Settings) =>
  Object.fromEntries(Object.entries(settings).map(([name, text]) => [`OCF_RESKEY_${name}`, text]))

/** What the agent makes of it. */
export const parse = (settings: Settings) => parseParameters(environment(settings))

/** The parameters when they are right, the sentence when they are not. */
export function parsed(settings: Settings) {
  const answer = parse(settings)
  if (!answer.ok) throw new Error(answer.because)
  return answer.parameters
}

/** What it remarks upon, or why it refuses. */
export const warnings = (settings: Settings) => {
  const answer = parse(settings)
  return answer.ok ? answer.warnings : [answer.because]
}
