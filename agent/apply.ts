import { Failure } from '../lib/system/failure.ts'
import { applyToCluster } from './apply-to-cluster.ts'
import { applyToProcess } from './apply-to-process.ts'
import { applyToServer } from './apply-to-server.ts'
import type { Plan, SiteStep, Step } from './plan.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** Carry out a plan in order. The first step that fails ends it, or hands over to what the plan has for that case. */
export async function apply(plan: Plan, situation: Situation, session: Session): Promise<void> {
  try {
    for (const step of plan.steps) await perform(step, situation, session)
  } catch (error) {
    if (!plan.otherwise || !(error instanceof Failure)) throw error
    const rest = plan.otherwise.map(step => step.do).join(', ')
    session.log.warning(rest === '' ? error.message : `${error.message}; going on with ${rest}`)
    for (const step of plan.otherwise) await perform(step, situation, session)
  }
}

function perform(step: Step, situation: Situation, session: Session): Promise<void> {
  session.log.trace(`step ${step.do}`)
  switch (step.do) {
    case 'cut-tail':
    case 'check-cut':
    case 'launch-server':
    case 'await-server':
    case 'stop-server':
    case 'seed':
      return applyToProcess(step, session)
    case 'publish-source':
    case 'publish-holdings':
    case 'retract-holdings':
    case 'publish-handover':
    case 'register-acker':
    case 'lower-guarantee':
    case 'raise-guarantee':
    case 'trust-commits':
    case 'release-ackers':
    case 'quarantine':
      return applyToCluster(step, situation, session)
    case 'publish-away':
    case 'await-followers':
      return applyToSites(step, session)
    default:
      return applyToServer(step, situation, session)
  }
}

/** Loaded only where there are two sites. */
async function applyToSites(step: SiteStep, session: Session): Promise<void> {
  const { applyToSite } = await import('./apply-to-site.ts')
  await applyToSite(step, session)
}
