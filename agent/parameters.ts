import { type ExitCode, OCF } from './exit-code.ts'
import { disagreement, remarks } from './parameter-agreement.ts'
import { PARAMETERS } from './parameter-table.ts'
import type { Parameter } from './parameter-type.ts'

/** The name of a parameter, without the prefix OCF_RESKEY_. */
export type ParameterName = keyof typeof PARAMETERS

/** What the user set, or the defaults, as typed values under the names of the parameters. */
export type Parameters = {
  readonly [Name in ParameterName]: (typeof PARAMETERS)[Name] extends Parameter<infer Value> ? Value : never
}

/** The environment of an action; parameters are the variables that begin with `OCF_RESKEY_`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The values that were read, with what is worth a warning; or the sentence and the exit code for what cannot be right.
 */
export type ParsedParameters =
  | { readonly ok: true; readonly parameters: Parameters; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly because: string; readonly exit: ExitCode }

/** The parameters that say which server a resource means. */
const IDENTITY = ['datadir', 'socket', 'pid'] as const satisfies readonly ParameterName[]

/**
 * Read the parameters from the environment of an action, without a look at the machine (check level 0 of validate-all).
 * An empty value is as good as none. Variables that are not parameters are ignored.
 * Every bad value is named, with what to do; a secret's value is never part of a sentence.
 */
export function parseParameters(env: Environment): ParsedParameters {
  const { parameters, faults } = read(env)
  if (faults.length > 0) return refusal(told(faults))
  const because = disagreement(parameters)
  if (because !== undefined) return refusal(because)
  return { ok: true, parameters, warnings: [...deprecations(env), ...remarks(parameters)] }
}

/**
 * Read what is needed to stop a server, whatever else is wrong: stop must not fail, or the node is fenced.
 * A bad value counts as not set. Undefined when a bad value leaves unclear which server is meant:
 * no server can have been started with it, and the default could be another resource's.
 */
export function salvageParameters(env: Environment): Parameters | undefined {
  const { parameters, faults } = read(env)
  return faults.some(({ name }) => IDENTITY.some(identity => identity === name)) ? undefined : parameters
}

/** What is wrong with values by themselves, where others that belong to them are set elsewhere; undefined when nothing is. */
export function badValues(env: Environment): string | undefined {
  const { faults } = read(env)
  return faults.length === 0 ? undefined : told(faults)
}

const told = (faults: readonly Fault[]) => faults.map(({ sentence }) => sentence).join('; ')

interface Fault {
  readonly name: string
  readonly sentence: string
}

/** Every parameter's value, the default where the text is bad, and the faults. */
function read(env: Environment): { readonly parameters: Parameters; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const values = Object.entries<Parameter<unknown>>(PARAMETERS).map(([name, parameter]) => {
    const text = textOf(env, name)
    const reading = parameter.read(text ?? parameter.default)
    if ('value' in reading) return [name, reading.value]
    const subject = parameter.secret ? name : `${name} ${shown(text ?? '')}`
    faults.push({ name, sentence: `${subject} ${reading.fault}` })
    return [name, valueIn(parameter.read(parameter.default))]
  })
  // The names and the types of the values are those of the table that was just walked.
  const parameters = Object.fromEntries(values) as Parameters
  const renamed = textOf(env, 'max_replica_lag') === undefined ? parameters.max_slave_lag : undefined
  return { parameters: { ...parameters, max_replica_lag: renamed ?? parameters.max_replica_lag }, faults }
}

const valueIn = (reading: ReturnType<Parameter<unknown>['read']>) => ('value' in reading ? reading.value : undefined)

/** A value as it is quoted in a sentence: on one line, and not too long. */
const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)

const textOf = (env: Environment, name: string): string | undefined => env[`OCF_RESKEY_${name}`] || undefined

const deprecations = (env: Environment): readonly string[] =>
  Object.entries<Parameter<unknown>>(PARAMETERS).flatMap(([name, { deprecated }]) =>
    deprecated !== undefined && textOf(env, name) !== undefined ? [`${name} ${deprecated.advice}`] : [],
  )

const refusal = (because: string): ParsedParameters => ({ ok: false, because, exit: OCF.ERR_CONFIGURED })
