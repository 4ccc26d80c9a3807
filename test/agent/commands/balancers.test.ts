import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../../../lib/system/command.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { printed } from './configure-words.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-balancers-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** keepalived looks for the program that it is to run, and for the network interface: here are both, for nobody else. */
const WITH_HEIR = `
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work
mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin
ln -s true /usr/bin/heir
ip link add eth0 type veth peer name eth1
ip link set eth0 up
exec keepalived --config-test --use-file "$1"`

/** How each program is asked what it thinks of a file, and what it ends with when it is content. */
const JUDGES = {
  haproxy: { argv: ['haproxy', '-c', '-f'], content: 0 },
  keepalived: { argv: ['unshare', '--mount', '--net', 'sh', '-euc', WITH_HEIR, 'sh'], content: 0 },
  // Only who reads a file to its end says that no daemon runs for it.
  ldirectord: { argv: ['ldirectord'], content: 3 },
} as const

async function judge(program: keyof typeof JUDGES, text: string): Promise<{ content: boolean; said: string }> {
  const file = join(directory, `${program}.cf`)
  await writeFile(file, text)
  const { argv, content } = JUDGES[program]
  const [tool, ...args] = [...argv, file, ...(program === 'ldirectord' ? ['status'] : [])]
  const { exitCode, stdout, stderr } = await command(tool, args, { deadline: Deadline.in(20_000) })
  const said = `${stdout}${stderr}`
  return { content: exitCode === content && !/warning/i.test(said), said }
}

const FOUR = ['alpha=10.0.0.1', 'beta=10.0.0.2', 'gamma=10.0.0.3']
const SIX = ['alpha=fd00::1', 'beta=fd00::2', 'gamma=fd00::3']
const CLIENTS_SIX = { writerVip: 'fd00::100/64', readerVip: ['fd00::101/64'] }

const LVS = { balanced: true, lvs: 'keepalived', balancers: 'delta,beta', nodes: 'alpha' }

const text = (format: string, change: Parameters<typeof printed>[0]) =>
  printed({ format, balanced: format !== 'keepalived', node: 'beta', nic: 'eth0', ...change })

test.each([
  ['haproxy', { nodes: 'localhost' }, 'mode tcp', 'mode tpc'],
  ['haproxy', { address: FOUR }, 'option httpchk', 'option httpck'],
  ['haproxy', { address: SIX, ...CLIENTS_SIX }, 'from db', 'from nowhere'],
  ['keepalived', { address: FOUR }, 'track_script', 'track_scripts'],
  ['keepalived', { address: SIX, ...CLIENTS_SIX }, 'priority', 'priorities'],
  ['keepalived', { address: FOUR, set: ['socket=/run/db/mysql.sock'] }, '/usr/bin/heir', '/usr/bin/nobody'],
  [
    'keepalived',
    { ...LVS, address: ['alpha=10.0.0.1', 'beta=10.0.0.2', 'delta=10.0.0.4'] },
    'lb_kind DR',
    'lb_kind RD',
  ],
  [
    'keepalived',
    { ...LVS, address: ['alpha=fd00::1', 'beta=fd00::2', 'delta=fd00::4'], ...CLIENTS_SIX },
    'HTTP_GET',
    'HTTP_GIT',
  ],
  ['ldirectord', { address: FOUR }, 'scheduler=wlc', 'sheduler=wlc'],
  ['ldirectord', { address: SIX, ...CLIENTS_SIX }, 'real6=', 'reel6='],
] as const)(
  '%s takes what is printed for it with %j, and not the same with a mistake',
  async (program, change, right, wrong) => {
    const good = text(program, change)
    expect(await judge(program, good)).toEqual({ content: true, said: expect.anything() })
    expect(good).toContain(right)
    expect(await judge(program, good.replace(right, wrong))).toMatchObject({ content: false })
  },
  30_000, // ldirectord takes seconds to load
)
