import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from '../lab/lab.ts'

/** What a run was made with, by the programs' own words. */
export interface Versions {
  readonly server: string
  readonly pacemaker: string
  readonly corosync: string
  readonly heir: string
}

const NUMBER = /\d+(?:\.\d+)+/

/** Ask the programs on a node. Throws Failure when one does not say. */
export async function readVersions(lab: Lab, node: string): Promise<Versions> {
  const ask = async (...argv: readonly string[]) => {
    const { stdout } = await lab.exec(node, argv)
    const version = NUMBER.exec(stdout)?.[0]
    if (version === undefined) throw new Failure('unintelligible', `${argv.join(' ')} says no version: ${stdout}`)
    return version
  }
  const [[[server = ''] = []], pacemaker, corosync, heir] = await Promise.all([
    lab.sql(node, 'SELECT VERSION()'),
    ask('pacemakerd', '--version'),
    ask('corosync', '-v'),
    ask('heir', '--version'),
  ])
  return { server, pacemaker, corosync, heir }
}
