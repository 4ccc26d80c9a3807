import type { EngineName } from '../lab/engines.ts'
import { paper } from '../lab/paper.ts'
import { COLOUR, NODE_COLOURS } from '../lab/picture-layout.ts'
import { type Scale, scale } from '../lab/scale.ts'
import { element, textLine } from '../lab/svg.ts'
import type { EngineRun } from './engine-run.ts'
import { isGreen } from './tally.ts'
import type { FaultOutcome } from './types.ts'

const WIDTH = 1080
const MARGIN = 28
/** Room for the faults' names on the left, and for what has no place on the scale on the right. */
const PLOT = { left: 230, right: WIDTH - 110, top: 118 }
const ENGINE_HEIGHT = 9
const BETWEEN_FAULTS = 10
const BELOW = 46

/** A decade takes the same room everywhere: most gaps are a few seconds long, some a minute. */
const SHORTEST_MS = 200
const LEVELS_SECONDS = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200]

/** The text of an SVG file: the write gap of every row, by fault and engine. Losses, and writes that never came back, are marked. */
export function reportPicture(runs: readonly EngineRun[]): string {
  const engines = runs.map(({ engine }) => engine)
  const rows = runs.flatMap(({ outcomes }) => outcomes)
  const faults = [...Map.groupBy(rows, ({ fault }) => fault).values()]
  const pitch = engines.length * ENGINE_HEIGHT + BETWEEN_FAULTS
  const bottom = PLOT.top + faults.length * pitch
  const x = logarithmic(rows)
  const content = [
    ...engines.map(legend),
    ...grid(x, bottom),
    ...faults.map((fault, index) => faultLines(fault, PLOT.top + index * pitch, engines, x)),
  ]
  const title = 'Write gap by fault: time without an acknowledged write'
  const lost = rows.reduce((sum, row) => sum + (row.lost ?? 0), 0)
  const subtitle = `${rows.length} rows, ${rows.filter(isGreen).length} green; acknowledged transactions lost: ${lost}`
  return paper({ width: WIDTH, height: bottom + BELOW, left: MARGIN, title, subtitle }, content)
}

function logarithmic(rows: readonly FaultOutcome[]): Scale {
  const longest = Math.max(10_000, ...rows.map(({ gapMs }) => gapMs ?? 0))
  const x = scale(Math.log(SHORTEST_MS), Math.log(longest), PLOT.left, PLOT.right)
  return ms => x(Math.log(Math.max(ms, SHORTEST_MS)))
}

function grid(x: Scale, bottom: number): string[] {
  const levels = LEVELS_SECONDS.filter(second => x(second * 1000) <= PLOT.right + 1)
  return levels.flatMap(second => {
    const at = x(second * 1000)
    const text = second * 1000 === SHORTEST_MS ? `≤ ${second} s` : `${second} s`
    return [
      element('line', { x1: at, x2: at, y1: PLOT.top - 6, y2: bottom, stroke: COLOUR.line }),
      textLine(at, bottom + 18, text, { 'text-anchor': 'middle', 'font-size': 12, fill: COLOUR.faint }),
    ]
  })
}

function legend(engine: EngineName, index: number): string {
  const left = PLOT.left + index * 150
  const dot = element('circle', { cx: left, cy: 92, r: 5, fill: colourOf(index) })
  return dot + textLine(left + 10, 96, engine, { 'font-size': 12 })
}

function faultLines(rows: readonly FaultOutcome[], top: number, engines: readonly EngineName[], x: Scale): string {
  const middle = top + (engines.length * ENGINE_HEIGHT) / 2
  const name = textLine(PLOT.left - 12, middle + 4, rows[0]?.fault ?? '', { 'text-anchor': 'end', 'font-size': 12 })
  return name + rows.map(row => mark(row, top, engines.indexOf(row.engine), x)).join('')
}

/** A bar with a dot at its end; a loss, or a time that did not end, is written beside it. */
function mark({ gapMs, lost }: FaultOutcome, top: number, index: number, x: Scale): string {
  const y = top + (index + 0.5) * ENGINE_HEIGHT
  const end = gapMs === null ? PLOT.right : x(gapMs)
  const colour = colourOf(index)
  const bar = element('line', { x1: PLOT.left, x2: end, y1: y, y2: y, stroke: colour, 'stroke-opacity': 0.35 })
  const dot = element('circle', { cx: end, cy: y, r: 3.5, fill: gapMs === null ? COLOUR.fault : colour })
  const words = [...(gapMs === null ? ['no write'] : []), ...(lost === null || lost > 0 ? [`lost ${lost ?? '?'}`] : [])]
  const note = { 'font-size': 11, 'font-weight': 'bold', fill: COLOUR.fault }
  return bar + dot + (words.length === 0 ? '' : textLine(end + 8, y + 4, words.join(', '), note))
}

function colourOf(index: number): string {
  return NODE_COLOURS[index % NODE_COLOURS.length] ?? COLOUR.ink
}
