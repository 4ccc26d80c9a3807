import { beforeAll, expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import manifest from '../../package.json' with { type: 'json' }
import { AGENT, AgentMachine } from './agent-machine.ts'

const SCHEMA = '/usr/share/pcs/data/ocf-1.1.rng'

let machine: AgentMachine
beforeAll(async () => {
  machine = await AgentMachine.open('mariadb-10.11')
  return () => machine.close()
})

test('an unknown action is unimplemented, with a reason that names the actions', async () => {
  const { exitCode, stderr } = await machine.agent('dance')
  expect(exitCode).toBe(OCF.ERR_UNIMPLEMENTED)
  expect(stderr).toMatch(/^ocf-exit-reason:dance .*\bmonitor\b/)
})

test('no action at all is unimplemented as well', async () => {
  expect((await machine.run(['env', '-i', AGENT])).exitCode).toBe(OCF.ERR_UNIMPLEMENTED)
})

test('promote by the name heir is the command for people, and tells what it lacks', async () => {
  const { exitCode, stderr } = await machine.run(['heir', 'promote'])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'heir: missing are to, accept-loss: "heir promote --help" says what they are',
  })
})

test('exit reasons carry the prefix that the caller asks for', async () => {
  const { stderr } = await machine.agent('dance', { environment: { OCF_EXIT_REASON_PREFIX: 'because=' } })
  expect(stderr).toMatch(/^because=dance/)
})

test('a bad parameter is a configuration error, with a reason of one line', async () => {
  const { exitCode, stderr } = await machine.agent('start', { parameters: { datadir: 'here\nand there' } })
  expect(exitCode).toBe(OCF.ERR_CONFIGURED)
  expect(stderr).toMatch(/^ocf-exit-reason:datadir [^\n]+$/)
})

test('meta-data needs no privilege, no path and no environment', async () => {
  const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', 'env', '-i']
  const { exitCode, stdout, stderr } = await machine.run([...nobody, AGENT, 'meta-data'])
  expect({ exitCode, stderr }).toEqual({ exitCode: OCF.SUCCESS, stderr: '' })
  expect(stdout).toContain(`<resource-agent name="mysql" version="${manifest.version}">`)
})

test('meta-data is valid by the schema of OCF 1.1', async () => {
  const { exitCode, stderr } = await machine.run([
    ...['sh', '-c', `${AGENT} meta-data | xmllint --noout --relaxng ${SCHEMA} -`],
  ])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '- validates' })
})

test('meta-data arrives whole through a slow pipe', async () => {
  const slowly = await machine.shell(`${AGENT} meta-data | (sleep 0.3; cat)`)
  expect(slowly).toMatch(/<\/resource-agent>$/)
})

test.each([
  ['a module to load', '--require=/tmp/intruder.js'],
  ['an option that Node does not know', '--no-such-option'],
  ['an option that Node refuses there', '--eval=1'],
])('NODE_OPTIONS with %s has no effect', async (_, options) => {
  await machine.shell('echo "process.exit(99)" >/tmp/intruder.js')
  const { exitCode, stdout, stderr } = await machine.run(['env', '-i', `NODE_OPTIONS=${options}`, AGENT, 'meta-data'])
  expect({ exitCode, stderr }).toEqual({ exitCode: OCF.SUCCESS, stderr: '' })
  expect(stdout).toMatch(/<\/resource-agent>$/)
})

test('the code cache is accepted', async () => {
  const { stderr } = await machine.agent('meta-data')
  expect(stderr).toBe('')
})

test('by its own name it is a command for people', async () => {
  expect((await machine.run(['heir', '--version'])).stdout).toBe(manifest.version)
  expect((await machine.run(['heir', '--help'])).stdout).toContain('heir switchover')
  const { exitCode, stderr } = await machine.run(['heir', 'dance'])
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^heir: /)
})

test('by its own name, too, it runs an action that stands alone', async () => {
  const { exitCode, stdout } = await machine.run(['env', '-i', '/usr/bin/heir', 'meta-data'])
  expect({ exitCode, end: stdout.slice(-17) }).toEqual({ exitCode: OCF.SUCCESS, end: '</resource-agent>' })
})
