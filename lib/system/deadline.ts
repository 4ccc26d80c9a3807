import { setTimeout as delay } from 'node:timers/promises'

/** A point in time by which something must be over. Every wait takes one. */
export class Deadline {
  readonly #end: number

  private constructor(end: number) {
    this.#end = end
  }

  /** The deadline that many milliseconds from now. */
  static in(milliseconds: number): Deadline {
    return new Deadline(performance.now() + milliseconds)
  }

  /** Milliseconds left, never below zero. */
  get remainingMs(): number {
    return Math.max(0, this.#end - performance.now())
  }

  get expired(): boolean {
    return this.remainingMs === 0
  }

  /** The earlier of this deadline and one that many milliseconds from now: a bound of its own for one part of the work. */
  within(milliseconds: number): Deadline {
    return new Deadline(Math.min(this.#end, performance.now() + milliseconds))
  }

  /** This deadline, that many milliseconds earlier: leaves time to clean up and to say what happened. */
  reserving(milliseconds: number): Deadline {
    return new Deadline(this.#end - milliseconds)
  }

  /**
   * Ask again and again until `probe` answers something, with a pause in between.
   * Answers undefined when the deadline passes first; asks at least once.
   */
  async poll<T>(pauseMs: number, probe: () => Promise<T | undefined>): Promise<T | undefined> {
    for (;;) {
      const answer = await probe()
      if (answer !== undefined || this.expired) return answer
      await delay(Math.min(pauseMs, this.remainingMs))
    }
  }
}
