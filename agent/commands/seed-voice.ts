import { ATTRIBUTES } from '../../cib/attributes.ts'
import { deleteNodeAttribute, writeNodeAttribute } from '../../cib/node-attribute.ts'
import { Gauge, type Progress, percent, progressBar, progressLine, type Reading } from '../../lib/seed/progress.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { Session } from '../session.ts'
import type { Surroundings } from './surroundings.ts'

/** A terminal is written over twice a second, a log gets a line now and then, and so does the cluster, which plans anew for it. */
const TERMINAL_MS = 500
const LINE_MS = 30_000
const CLUSTER_MS = 10_000
const CLUSTER_ANSWER_MS = 5000

/** Tells how far a seed is: who watches, whoever reads the log, and in crm_mon. */
export class SeedVoice {
  readonly #session: Session
  readonly #surroundings: Surroundings
  readonly #gauge = new Gauge()
  #said = -Infinity
  #published = -Infinity
  #publishing: Promise<void> = Promise.resolve()

  constructor(session: Session, surroundings: Surroundings) {
    this.#session = session
    this.#surroundings = surroundings
  }

  /** A step, in a sentence. */
  say(sentence: string): void {
    const { terminal, write } = this.#surroundings
    write(`${terminal ? CLEAR : ''}${sentence}\n`)
    this.#session.log.info(`seed: ${sentence}`)
  }

  /** How far the step is. Cheap: most calls do nothing. */
  readonly report = (progress: Progress): void => {
    const now = performance.now()
    const { terminal, write } = this.#surroundings
    if (now < this.#said + (terminal ? TERMINAL_MS : LINE_MS)) return
    this.#said = now
    const reading = this.#gauge.read(progress, now)
    if (terminal) write(`${CLEAR}${progressBar(reading)}`)
    else this.say(progressLine(reading))
    if (now < this.#published + CLUSTER_MS) return
    this.#published = now
    this.#publishing = this.#publish(reading)
  }

  /** Nothing is said in the cluster any more. */
  async end(): Promise<void> {
    await this.#publishing
    const { invocation, node } = this.#session
    await this.#tell(deadline => deleteNodeAttribute(ATTRIBUTES.seeding(invocation.resource), node, deadline))
    if (this.#surroundings.terminal) this.#surroundings.write(CLEAR)
  }

  async #publish({ stage, share }: Reading): Promise<void> {
    const { invocation, node } = this.#session
    const value = share === undefined ? stage : `${stage} ${percent(share)} %`
    const name = ATTRIBUTES.seeding(invocation.resource)
    await this.#tell(deadline => writeNodeAttribute({ name, node, value, home: 'cib' }, deadline))
  }

  /** Word of how far it is must not hold up the seed, nor end it. */
  async #tell(work: (deadline: Deadline) => Promise<void>): Promise<void> {
    try {
      await work(Deadline.in(CLUSTER_ANSWER_MS))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#session.log.warning(`seed: ${error.message}`)
    }
  }
}

/** Back to the beginning of the line, and nothing in it. */
const CLEAR = '\r\u001b[K'
