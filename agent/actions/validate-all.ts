import type { Deadline } from '../../lib/system/deadline.ts'
import { checkEnvironment, type Objection } from '../check-environment.ts'
import { findBinary } from '../find-binary.ts'
import { observeEnvironment } from '../observe-environment.ts'
import type { Parameters } from '../parameters.ts'

/** From this check level on the machine is looked at, not only the parameters (resource agent API 1.1, "Check Levels"). */
const ENVIRONMENT_LEVEL = 10

/** What stands in the way of running with these parameters, which have been parsed before; undefined when nothing does. */
export async function validate(
  parameters: Parameters,
  level: number,
  deadline: Deadline,
): Promise<Objection | undefined> {
  if (level < ENVIRONMENT_LEVEL) return undefined
  const binary = parameters.binary ?? (await findBinary(parameters))
  return checkEnvironment(parameters, await observeEnvironment(parameters, binary, deadline))
}
