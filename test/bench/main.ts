import { parseArgs } from 'node:util'
import { ENGINE_NAMES, type EngineName } from '../lab/engines.ts'
import { benchFailover } from './failover.ts'
import { benchGap } from './gap.ts'
import { benchMonitor } from './monitor.ts'
import { benchSeed } from './seed.ts'

const USAGE = `npm run bench -- monitor|failover|gap|seed [--engine ${ENGINE_NAMES.join('|')}] [--rounds N]
  failover: [--agent heir:mysql,heartbeat:mariadb,…] [--fault kill-source,off-source,…]
  seed: [--gigabytes 5]`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'mariadb-10.11' },
    rounds: { type: 'string' },
    agent: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
    gigabytes: { type: 'string', default: '5' },
  },
})

/** How often each is measured when nobody says otherwise. */
const ROUNDS = { monitor: 30, failover: 3, gap: 5, seed: 1 }

const isEngine = (name: string): name is EngineName => ENGINE_NAMES.some(known => known === name)
const isBench = (name: string): name is keyof typeof ROUNDS => Object.hasOwn(ROUNDS, name)
const words = (text: string) => text.split(',').filter(word => word !== '')

const bench = positionals.join(' ')
const { engine } = values
const rounds = Number(values.rounds ?? (isBench(bench) ? ROUNDS[bench] : 0))
if (!isBench(bench) || !isEngine(engine) || !(rounds > 0)) {
  console.error(`usage: ${USAGE}`)
  process.exit(2)
}
if (bench === 'monitor') await benchMonitor(engine, rounds)
else if (bench === 'gap') await benchGap(engine, rounds)
else if (bench === 'seed') await benchSeed(engine, rounds, Number(values.gigabytes))
else await benchFailover({ engine, rounds, agents: words(values.agent), faults: words(values.fault) })
