import { describe, expect, test } from 'vitest'
import type { EngineName } from '../lab/engines.ts'
import { AGENT, AgentMachine } from './agent-machine.ts'
import { agentEnvironment, RESOURCE } from './environment.ts'

/**
 * The one check that cannot pass: its document type knows none of what OCF 1.1 added, such as reload-agent's `reloadable`.
 * The schema of OCF 1.1 is checked in its place, with invocation.test.ts.
 */
const OLDER_THAN_OCF_1_1 = 'Your agent produces meta-data which does not conform to ra-api-1.dtd'

/** What ocf-tester is to tell the agent: what Pacemaker tells every instance of a promotable clone. */
const OPTIONS = Object.entries(agentEnvironment('promote')).flatMap(([name, value]) =>
  name.startsWith('OCF_RESKEY_') && value.trim() !== '' ? ['-o', `${name.slice('OCF_RESKEY_'.length)}=${value}`] : [],
)

const ANNOUNCEMENT = /^(?:Testing|Checking|Cleanup|Demoting|Promoting|Stopping|Restarting)\b/

interface Check {
  readonly name: string
  readonly complaints: readonly string[]
}

async function runOcfTester(engine: EngineName): Promise<Check[]> {
  const machine = await AgentMachine.open(engine)
  try {
    const { stdout } = await machine.runInCluster({}, ['ocf-tester', '-v', '-n', RESOURCE, ...OPTIONS, AGENT])
    return checksIn(stdout)
  } finally {
    await machine.close()
  }
}

/** Each thing that ocf-tester says it tries, with the complaints that it says after it; those begin with a star. */
function checksIn(report: string): Check[] {
  const checks: { name: string; complaints: string[] }[] = []
  for (const line of report.split('\n')) {
    const complaint = /^\* rc=\d+: (.+)$/.exec(line)?.[1]
    if (complaint !== undefined) checks.at(-1)?.complaints.push(complaint)
    else if (ANNOUNCEMENT.test(line)) checks.push({ name: `${checks.length + 1}: ${line}`, complaints: [] })
  }
  return checks
}

for (const engine of ['mariadb-10.11', 'mysql-9.7'] as const) {
  const checks = await runOcfTester(engine)

  describe(`ocf-tester on ${engine}`, () => {
    test('tries everything up to the last check that it has', () => {
      expect(checks.at(-1)?.name).toBe('32: Checking for reload action')
    })

    test.each(checks)('$name', ({ complaints }) => {
      expect(complaints.filter(complaint => complaint !== OLDER_THAN_OCF_1_1)).toEqual([])
    })
  })
}
