import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RPM } from '../../packaging/products.ts'
import { onNetwork, tethered } from '../lab/enter.ts'
import { VirtualMachine } from '../lab/vm/virtual-machine.ts'

const PATIENCE = { timeout: 90_000, interval: 1000 }

const SWITCH = 'ip link add switch type bridge; ip link set switch up; echo ready; exec cat'

let network: ChildProcess
let machine: VirtualMachine
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-check-service-'))
  const [file = '', ...args] = tethered(['unshare', '--net', 'sh', '-ec', SWITCH])
  network = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  if (network.stdout !== null) await once(network.stdout, 'data')
  machine = await VirtualMachine.start(argv => onNetwork(network.pid ?? 0, argv), {
    ...{ name: 'node1', address: '10.77.0.1', console: join(directory, 'console'), file: RPM },
  })
})

afterAll(async () => {
  await machine?.off()
  network?.kill('SIGKILL')
  await rm(directory, { recursive: true })
})

const answer = (role: string) => machine.run(`wget -qO- http://10.77.0.1:9200/${role} 2>&1 || :`)

test('the package is installed, and systemd starts its service where it is enabled', async () => {
  await machine.run('systemctl start mariadb')
  const { size } = await stat(RPM)
  await machine.run(`head -c ${size} /dev/vdb >/run/heir.rpm\nrpm --install --nodeps /run/heir.rpm`)
  await machine.run(
    "sed -i -e 's/^LISTEN=.*/LISTEN=10.77.0.1/' -e 's|^OPTIONS=.*|OPTIONS=--set socket=/run/mysqld/mysqld.sock|' /etc/heir/check.conf",
  )
  await machine.run('systemctl enable --now heir-check')
  await expect.poll(() => answer('writable'), PATIENCE).toMatch(/^writable: /)
})

test('what it says changes with the server', async () => {
  await machine.run('mariadb --execute "SET GLOBAL read_only = ON"')
  expect(await machine.run('wget -qSO- http://10.77.0.1:9200/writable 2>&1 || :')).toContain('503')
  await machine.run('mariadb --execute "SET GLOBAL read_only = OFF"')
  expect(await answer('writable')).toMatch(/^writable: /)
})

test('it is there again after it was killed', async () => {
  const before = await machine.run('systemctl show --property MainPID --value heir-check')
  await machine.run('systemctl kill --signal KILL heir-check')
  await expect.poll(() => answer('writable'), PATIENCE).toMatch(/^writable: /)
  expect(await machine.run('systemctl show --property MainPID --value heir-check')).not.toBe(before)
})

test('it keeps one capability, and can write nothing', async () => {
  const status = await machine.run('cat /proc/$(systemctl show --property MainPID --value heir-check)/status')
  expect(status).toMatch(/^CapEff:\t0000000000000004$/m)
  expect(status).toMatch(/^NoNewPrivs:\t1$/m)
  expect(status).toMatch(/^Seccomp:\t2$/m)
})

test('it is gone with the package', async () => {
  await machine.run('rpm --erase heir')
  expect(await machine.run('systemctl is-active heir-check || :')).toBe('inactive')
})
