import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/**
 * Give this site a ticket, or take it back. Pacemaker cannot know whether another site has it and asks to be forced: who calls
 * this has looked. Throws Failure `rejected` where Pacemaker does not answer.
 */
export async function grantTicket(ticket: string, measure: 'grant' | 'revoke', deadline: Deadline): Promise<void> {
  const doing = measure === 'grant' ? `granting the ticket ${ticket}` : `revoking the ticket ${ticket}`
  await clusterTool(doing, 'crm_ticket', ['--ticket', ticket, `--${measure}`, '--force'], deadline)
}
