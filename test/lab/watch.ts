import { setTimeout as delay } from 'node:timers/promises'
import { RESOURCE, replicaState } from './heir-cluster.ts'
import type { Lab } from './lab.ts'
import type { RoleChange } from './picture.ts'
import type { WriteLoad } from './write-load.ts'

/** Follows a cluster: says in a line what it sees whenever that changes, and every few seconds how fast it writes. */
export class Watch {
  readonly roles: RoleChange[] = []
  readonly #lab: Lab
  readonly #load: WriteLoad
  readonly #say: (line: string) => void
  readonly #stop = new AbortController()
  readonly #ended: Promise<void>

  constructor(lab: Lab, load: WriteLoad, say: (line: string) => void) {
    this.#lab = lab
    this.#load = load
    this.#say = say
    this.#ended = this.#follow().catch(error => say(`watching has ended: ${error}`))
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#ended
  }

  async #follow(): Promise<void> {
    let last = ''
    let saidAt = 0
    while (!this.#stop.signal.aborted) {
      const picture = await this.#look()
      if (picture !== last || Date.now() - saidAt > REPEAT_MS) {
        this.#say(`${picture}  ${await this.#writesPerSecond()} writes/s`)
        last = picture
        saidAt = Date.now()
      }
      await delay(PAUSE_MS)
    }
  }

  async #look(): Promise<string> {
    const status = await this.#lab.cluster()
    const promoted = await this.#lab.roles(RESOURCE)
    const address = status?.resources.find(({ id }) => id === `${RESOURCE}-writer`)?.node
    this.#note(promoted.promoted[0])
    const nodes = this.#lab.nodes.map(async node => {
      if (!status?.online.includes(node)) return `${node} offline`
      const here = address === node ? ' + address' : ''
      if (promoted.promoted.includes(node)) return `${node} SOURCE${here}`
      if (!promoted.unpromoted.includes(node)) return `${node} stopped`
      const { receiving, applying } = await replicaState(this.#lab, node)
      return `${node} ${receiving && applying ? 'replica' : 'waiting'}${here}`
    })
    return (await Promise.all(nodes)).map(text => text.padEnd(24)).join('')
  }

  #note(node: string | undefined): void {
    if (this.roles.length === 0 || this.roles.at(-1)?.node !== node) this.roles.push({ at: Date.now(), node })
  }

  async #writesPerSecond(): Promise<number> {
    const since = Date.now() - 1000
    return (await this.#load.attempts()).filter(({ error, end }) => error === undefined && end >= since).length
  }
}

const PAUSE_MS = 700
const REPEAT_MS = 5000
