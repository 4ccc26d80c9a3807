import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { clusterWords, RESOURCE, upWithHeir, waitUntilHealthy } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('%s', engine => {
  let lab: Lab
  let source: string
  beforeAll(async () => {
    lab = await upWithHeir({ engine })
    source = await waitUntilHealthy(lab, Deadline.in(60_000))
  })
  afterAll(() => lab.down())

  const configure = (...words: readonly string[]) => lab.exec(source, ['heir', 'configure', ...words])
  const check = async (node: string, role: string) => {
    const { exitCode, stdout } = await lab.exec(node, ['heir', 'check', '--role', role, '--timeout', '20'])
    return [exitCode, stdout.trim()]
  }
  const pids = () =>
    Promise.all(lab.nodes.map(async node => (await lab.exec(node, ['pidof', 'mysqld', 'mariadbd'])).stdout))

  test('a cluster that was configured with what is printed has nothing to change', async () => {
    expect(await configure(...clusterWords(lab.nodes), '--apply')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^nothing to change\n?$/),
    })
  })

  test('a parameter that takes effect without a restart is set, and the servers go on', async () => {
    const before = await pids()
    const words = clusterWords(lab.nodes, ['max_replica_lag=30'])
    const { exitCode, stdout } = await configure(...words, '--apply')
    expect({ exitCode, stdout: stdout.trim() }).toEqual({
      exitCode: 0,
      stdout: `+ ${RESOURCE} max_replica_lag=30\ndone`,
    })
    await waitUntilHealthy(lab, Deadline.in(60_000))
    expect(await pids()).toEqual(before)
    expect((await configure(...words, '--diff')).stdout.trim()).toBe('nothing to change')
  })

  test('clients are sent to the source for writing, and to every node for reading', async () => {
    for (const node of lab.nodes) {
      const writable =
        node === source ? [0, `writable: ${node} takes writes`] : [1, `not writable: ${node} takes no writes`]
      expect(await check(node, 'writable')).toEqual(writable)
      expect((await check(node, 'readable'))[0]).toBe(0)
    }
  })

  test('after a hand-over another node is the writable one', async () => {
    const next = lab.nodes.find(node => node !== source) ?? ''
    await lab.exec(source, ['heir', 'switchover', '--to', next])
    // A node's copy of the CIB is written a moment after the change.
    const patience = { timeout: 30_000, interval: 500 }
    await expect.poll(() => check(next, 'writable'), patience).toEqual([0, `writable: ${next} takes writes`])
    expect((await check(source, 'writable'))[0]).toBe(1)
  })

  test('the death of the source is reported before any monitor looks', async () => {
    const before = await waitUntilHealthy(lab, Deadline.in(60_000))
    for (const [index, id] of (await monitors()).entries()) {
      const slow = `<op id="${id}" interval="${600 + index}s"/>`
      await run(before, ['cibadmin', '--modify', '--xml-text', slow])
    }
    await run(before, ['crm_resource', '--wait'])
    for (const node of lab.nodes) expect(await reports(node)).toEqual([])
    await run(before, ['pkill', '-KILL', '-x', 'mysqld|mariadbd'])
    const promoted = async () => (await lab.roles(RESOURCE)).promoted.join()
    await expect.poll(promoted, { timeout: 60_000, interval: 500 }).toMatch(new RegExp(`^(?!${before})node\\d$`))
    expect(await reports(before)).toHaveLength(1)
  })

  /** The deaths that a node has reported. */
  const reports = async (node: string) => {
    const { stdout } = await run(node, ['cat', '/var/log/pacemaker/pacemaker.log'])
    return stdout.split('\n').filter(line => /heir\(db\).*warning: mysqld has ended, and nobody told it to/.test(line))
  }

  const run = async (node: string, words: readonly string[]) => {
    const result = await lab.exec(node, words)
    expect(result, words.join(' ')).toMatchObject({ exitCode: 0 })
    return result
  }

  const monitors = async () => {
    const search = `//primitive[@id='${RESOURCE}']//op[@name='monitor']`
    const { stdout } = await run(source, ['cibadmin', '--query', '--xpath', search])
    return [...stdout.matchAll(/<op [^>]*\bid="([^"]+)"/g)].map(([, id = '']) => id)
  }
})
