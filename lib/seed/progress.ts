/** How far a transfer has come. */
export interface Progress {
  /** What is being done, in a word or two: copying, preparing. */
  readonly stage: string
  readonly doneBytes: number
  /** Undefined where nobody knows. */
  readonly totalBytes: number | undefined
}

/** Told of a transfer whenever there is something new to tell. */
export type Report = (progress: Progress) => void

/** Measures a transfer: its share, its rate over the last seconds and the time left. Pure but for the clock that it is given. */
export class Gauge {
  readonly #samples: { readonly at: number; readonly done: number }[] = []
  #stage = ''

  /** What can be said now. Times in milliseconds of any clock that only goes forward. */
  read({ stage, doneBytes, totalBytes }: Progress, at: number): Reading {
    if (stage !== this.#stage) this.#samples.length = 0
    this.#stage = stage
    this.#samples.push({ at, done: doneBytes })
    while ((this.#samples[1]?.at ?? at) <= at - WINDOW_MS) this.#samples.shift()
    const first = this.#samples[0] ?? { at, done: doneBytes }
    const seconds = (at - first.at) / 1000
    const bytesPerSecond = seconds > 0 ? (doneBytes - first.done) / seconds : 0
    const share = totalBytes ? Math.min(doneBytes / totalBytes, NEVER_WHOLE) : undefined
    const left = totalBytes === undefined ? undefined : Math.max(0, totalBytes - doneBytes)
    const secondsLeft = left === undefined || bytesPerSecond <= 0 ? undefined : left / bytesPerSecond
    return { stage, share, doneBytes, totalBytes, bytesPerSecond, secondsLeft }
  }
}

/** One look at a transfer. `share` is below 1 until it is over: the total is an estimate. */
export interface Reading extends Progress {
  readonly share: number | undefined
  readonly bytesPerSecond: number
  readonly secondsLeft: number | undefined
}

const WINDOW_MS = 10_000
const NEVER_WHOLE = 0.99

const BAR_CELLS = 30
const MEGABYTE = 1e6

/** A line for a terminal, with a bar. */
export function progressBar(reading: Reading): string {
  const filled = Math.round((reading.share ?? 0) * BAR_CELLS)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}] ${progressLine(reading)}`
}

/** The same in words: "copying 42 %, 2100 of 5000 MB, 118 MB/s, 0:25 left". */
export function progressLine({ stage, share, doneBytes, totalBytes, bytesPerSecond, secondsLeft }: Reading): string {
  const megabytes = (bytes: number) => Math.round(bytes / MEGABYTE)
  const parts = [
    share === undefined ? stage : `${stage} ${percent(share)} %`,
    totalBytes === undefined ? `${megabytes(doneBytes)} MB` : `${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`,
    `${megabytes(bytesPerSecond)} MB/s`,
    ...(secondsLeft === undefined ? [] : [`${clock(secondsLeft)} left`]),
  ]
  return parts.join(', ')
}

/** A share from 0 to 1 in whole percents, rounded down: 100 is only what is whole. */
export const percent = (share: number): number => Math.floor(share * 100)

function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
