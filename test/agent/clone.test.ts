import { expect, test } from 'vitest'
import { runAgent } from '../../agent/agent.ts'
import { OCF } from '../../agent/exit-code.ts'
import { Log } from '../../lib/system/log.ts'

const silent = () =>
  new Log({
    ...{ writer: 'heir', node: '-', pid: 0, file: undefined, traceFile: undefined },
    fallback: () => undefined,
  })

const clone = (meta: Readonly<Record<string, string>>, parameters: Readonly<Record<string, string>> = {}) => {
  const all = { on_node: 'alpha', clone_max: '2', promoted_max: '1', promotable: 'true', notify: 'true', ...meta }
  const metas = Object.entries(all).map(([name, value]) => [`OCF_RESKEY_CRM_meta_${name}`, value])
  const settings = Object.entries(parameters).map(([name, value]) => [`OCF_RESKEY_${name}`, value])
  return { OCF_RESOURCE_INSTANCE: 'db', ...Object.fromEntries([...metas, ...settings]) }
}

const PAIR = { topology: 'multi-primary' }

test.each<[Record<string, string>, Record<string, string>, RegExp]>([
  [
    { promoted_max: '2' },
    {},
    /promoted-max=2, and one instance takes writes: set it to 1, or topology to multi-primary/,
  ],
  [{ promoted_max: '1' }, PAIR, /two promoted instances: set clone-max=2 and promoted-max=2 of the clone of db/],
  [{ promoted_max: '2', clone_max: '3' }, PAIR, /two promoted instances: set clone-max=2 and promoted-max=2/],
  [{ promoted_max: '2' }, { ...PAIR, gtid: 'off' }, /needs GTIDs, and gtid is off/],
  [{ promoted_max: '2' }, { ...PAIR, on_diverged: 'reseed' }, /rebuilds no instance by itself/],
  [{ promoted_max: '2', notify: 'false' }, PAIR, /gets no notifications: set its meta attribute notify=true/],
])('a clone with %o and the parameters %o is not started', async (meta, parameters, because) => {
  const answer = await runAgent('start', clone(meta, parameters), silent)
  expect(answer.because).toMatch(because)
  expect(answer.exit).toBe(OCF.ERR_CONFIGURED)
})
