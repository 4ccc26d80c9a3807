import { Deadline } from '../../lib/system/deadline.ts'
import { runOn } from './damage.ts'
import { heirConfigure } from './heir-cluster.ts'
import type { Lab } from './lab.ts'
import { ARBITER, BOOTH_VIPS, nodeAddress } from './network-plan.ts'

/** What every machine needs for booth. */
export const BOOTH_PACKAGES = ['booth', 'booth-pacemaker'] as const

/** Seconds that a test can wait for, in the place of ten minutes and two. */
const TIMES = { expire: 30, 'acquire-after': 20 } as const
/** By default booth tries longer to reach the others than that. */
const PATIENCE = '\ttimeout = 2\n\tretries = 4\n'

/** Give all machines booth's configuration as it is printed, but for the times, with a key, and start booth on the one of neither site. */
export async function prepareBooth(lab: Lab, words: readonly string[]): Promise<void> {
  const places = [...BOOTH_VIPS.flatMap(site => ['--booth-site', site]), '--arbitrator', nodeAddress(ARBITER)]
  const printed = await heirConfigure([...words, ...places, '--format', 'booth'])
  const text = Object.entries(TIMES).reduce(
    (before, [name, seconds]) => before.replace(new RegExp(`${name} = \\d+`), `${name} = ${seconds}`),
    `${printed}\n${PATIENCE}`,
  )
  const write =
    'mkdir -p /etc/booth; umask 077; echo a-secret-of-the-lab >/etc/booth/authkey; umask 022; cat >/etc/booth/booth.conf'
  const machines = [...lab.nodes, ARBITER]
  await Promise.all(machines.map(machine => runOn(lab, machine, ['sh', '-ec', write], { input: text })))
  await runOn(lab, ARBITER, [
    'sh',
    '-ec',
    'boothd daemon -c booth </dev/null >/var/log/booth.log 2>&1 || { cat /var/log/booth.log >&2; exit 1; }',
  ])
}

/** Run booth's own command where the machine of neither site is. Answers what it prints. */
export const booth = (lab: Lab, words: readonly string[]): Promise<string> =>
  runOn(lab, ARBITER, ['booth', ...words], { deadline: Deadline.in(120_000) })
