import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { ENGINES } from '../lab/engines.ts'
import { isLocked, waitUntilUnlocked } from '../lab/file-lock.ts'
import { Rack } from '../lab/rack.ts'
import { rackDirectory } from '../lab/rack-directory.ts'
import { CLIENT, type RackPlan } from '../lab/rack-plan.ts'
import { tree } from '../lab/tree.ts'

/** Two machines without a cluster on them. */
function planOf(name: string, root: string): RackPlan {
  const directory = rackDirectory(`${name}-${process.pid}`)
  const machines = [1, 2].map(number => ({
    name: `node${number}`,
    address: `10.77.0.${number}/24`,
    layers: [root],
    disk: join(directory, 'disks', String(number)),
  }))
  return { directory, shared: join(directory, 'shared'), switchAddress: '10.77.0.254/24', machines }
}

let root: string
let plan: RackPlan
let rack: Rack

beforeAll(async () => {
  root = await tree(ENGINES['mariadb-10.11'], console.log)
  plan = planOf('rack', root)
  rack = await Rack.open(plan, 'this process')
  await Promise.all(plan.machines.map(({ name }) => rack.power('on', name)))
})

afterAll(async () => await rack.close())

/** Whether node1 hears an answer from node2. */
async function hears(): Promise<boolean> {
  const { exitCode } = await rack.exec('node1', ['ping', '-c', '1', '-W', '1', '10.77.0.2'])
  return exitCode === 0
}

/** Whether node2 has come so far that it has an address. */
async function hasAddress(): Promise<boolean> {
  const { stdout } = await rack.exec('node2', ['ip', '-brief', 'address', 'show', 'eth0'])
  return stdout.includes('10.77.0.2/24')
}

test('a command runs on its machine and its exit code comes back', async () => {
  expect(await rack.exec('node2', ['sh', '-c', 'hostname; cat; exit 7'], { input: 'text' })).toMatchObject({
    exitCode: 7,
    stdout: 'node2\ntext',
  })
})

test('a command that does not end is given up', async () => {
  await expect(rack.exec('node1', ['sleep', '50'], { deadline: Deadline.in(200) })).rejects.toMatchObject({
    kind: 'timed-out',
    message: expect.stringContaining('node1: sleep 50'),
  })
})

test('a cable that is cut stays cut over a reboot, until it is healed', async () => {
  await expect.poll(hears, { timeout: 10_000 }).toBe(true)
  await rack.power('cut', 'node2')
  expect(await hears()).toBe(false)
  await rack.power('reboot', 'node2')
  await expect.poll(hasAddress, { timeout: 30_000 }).toBe(true)
  expect(await hears()).toBe(false)
  await rack.power('heal', 'node2')
  await expect.poll(hears, { timeout: 10_000 }).toBe(true)
})

test('a machine loses its processes with its power, but not its disk', async () => {
  await rack.exec('node2', ['sh', '-c', 'echo kept >/var/lib/kept; echo lost >/run/lost'])
  const before = await rack.firstProcess('node2')
  await rack.power('off', 'node2')
  expect(existsSync(`/proc/${before}`)).toBe(false)
  await expect(rack.exec('node2', ['true'])).rejects.toMatchObject({ message: 'node2: the power is off' })
  await rack.power('on', 'node2')
  expect(await rack.exec('node2', ['cat', '/var/lib/kept', '/run/lost'])).toMatchObject({ exitCode: 1, stdout: 'kept' })
})

test('a machine sees the power switch, which its fence agent asks', async () => {
  const { stdout } = await rack.exec('node1', ['sh', '-c', 'ls /run/lab'])
  expect(stdout).toBe('power.sock')
})

test('orphans leave no zombies', async () => {
  await rack.exec('node1', ['sh', '-c', 'for i in 1 2 3; do (sleep 0.1 &); done; sleep 0.3'])
  const { stdout } = await rack.exec('node1', ['ps', 'axo', 'stat'])
  expect(stdout).not.toMatch(/^Z/m)
})

test('a rack of the same name is refused while the first one lives', async () => {
  await expect(Rack.open(plan, 'this process')).rejects.toMatchObject({
    message: expect.stringContaining('is up already'),
  })
})

test('two racks have the same addresses and know nothing of each other', async () => {
  const other = await Rack.open(planOf('other', root), 'this process')
  try {
    await other.power('on', 'node1')
    // 1 without an answer, 2 while the cable is still being plugged in
    expect((await other.exec('node1', ['ping', '-c', '1', '-W', '1', '10.77.0.2'])).exitCode).not.toBe(0)
    await expect.poll(hears, { timeout: 10_000 }).toBe(true)
  } finally {
    await other.close()
  }
  expect(existsSync(other.plan.directory)).toBe(false)
})

test('an owner that is killed takes every process of its rack along, and the next rack clears its directory', async () => {
  const orphan = planOf('orphan', root)
  const code = `
    import { Rack } from '${import.meta.resolve('../lab/rack.ts')}'
    const rack = await Rack.open(${JSON.stringify(orphan)}, 'this process')
    await rack.power('on', 'node1')
    console.log(await rack.firstProcess('node1'), await rack.firstProcess('${CLIENT}'))
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pids] = await once(owner.stdout, 'data')
  expect(await isLocked(orphan.directory)).toBe(true)
  owner.kill('SIGKILL')
  expect(await waitUntilUnlocked(orphan.directory, Deadline.in(10_000))).toBe(true)
  const left = () =>
    String(pids)
      .trim()
      .split(' ')
      .filter(pid => existsSync(`/proc/${pid}`))
  await Deadline.in(5000).poll(20, async () => left().length === 0 || undefined)
  expect(left()).toEqual([])
  const next = await Rack.open(planOf('next', root), 'this process')
  await next.close()
  expect(existsSync(orphan.directory)).toBe(false)
})
