import type { Bucket, WriteGap } from './judge.ts'
import { COLOUR, NODE_COLOURS, PLOT, STEP_MS, STRIP } from './picture-layout.ts'
import type { Scale } from './scale.ts'
import { element, textLine } from './svg.ts'

const SMALL = { 'font-size': 12, fill: COLOUR.faint }

/** Generous for bold letters: a label that does not fit on the right of its line stands on the left. */
const LETTER_WIDTH = 8.5

/** A level of the plot with its number. */
export function gridLine(level: number, y: number): string {
  const line = element('line', { x1: PLOT.left, x2: PLOT.right, y1: y, y2: y, stroke: COLOUR.line })
  return line + textLine(PLOT.left - 8, y + 4, String(level), { ...SMALL, 'text-anchor': 'end' })
}

export function secondLabel(second: number, x: number): string {
  const tick = element('line', { x1: x, x2: x, y1: PLOT.bottom, y2: PLOT.bottom + 5, stroke: COLOUR.faint })
  return tick + textLine(x, PLOT.bottom + 20, `${second} s`, { ...SMALL, 'text-anchor': 'middle' })
}

/** The writes per second that a step stands for. */
export function rate({ writes }: Bucket): number {
  return (writes * 1000) / STEP_MS
}

/** Writes per second as a line over a shaded area. */
export function curve(steps: readonly Bucket[], x: Scale, y: Scale): string {
  const points = steps.flatMap(step => [
    `${x(step.begin).toFixed(1)},${y(rate(step)).toFixed(1)}`,
    `${x(step.begin + STEP_MS).toFixed(1)},${y(rate(step)).toFixed(1)}`,
  ])
  const area = [`${PLOT.left},${PLOT.bottom}`, ...points, `${points.at(-1)?.split(',')[0] ?? PLOT.left},${PLOT.bottom}`]
  return [
    element('polygon', { points: area.join(' '), fill: COLOUR.curve, 'fill-opacity': 0.14 }),
    element('polyline', { points: points.join(' '), fill: 'none', stroke: COLOUR.curve, 'stroke-width': 1.6 }),
  ].join('')
}

/** A fault: its line, what it was, and the time without writes that followed, as words and as a shade. */
export function fault(label: string, x: number, gap: WriteGap | undefined, scale: Scale): string {
  const duration = gapText(gap)
  const leftward = x + Math.max(label.length, duration.length) * LETTER_WIDTH > PLOT.right
  const place = { 'text-anchor': leftward ? 'end' : 'start', fill: COLOUR.fault }
  const textX = leftward ? x - 6 : x + 6
  return [
    gap === undefined ? '' : shade(scale(gap.begin), scale(gap.end)),
    faultLine(x, PLOT.top - 42, PLOT.bottom),
    faultLine(x, STRIP.top - 4, STRIP.bottom + 4),
    textLine(textX, PLOT.top - 32, label, { ...place, 'font-weight': 'bold' }),
    textLine(textX, PLOT.top - 14, duration, place),
  ].join('')
}

/** The time during which a node was promoted (or none was), as a piece of the strip. */
export function reign(node: string | undefined, left: number, right: number, index: number): string {
  const width = Math.max(0, right - left)
  const height = STRIP.bottom - STRIP.top
  if (node === undefined)
    return element('rect', { x: left, y: STRIP.top, width, height, fill: COLOUR.fault, 'fill-opacity': 0.14 })
  const colour = NODE_COLOURS[index % NODE_COLOURS.length] ?? COLOUR.ink
  const box = element('rect', { x: left, y: STRIP.top, width, height, fill: colour })
  const name = { fill: COLOUR.paper, 'font-weight': 'bold', 'text-anchor': 'middle' }
  return width < 60 ? box : box + textLine(left + width / 2, STRIP.top + 17, node, name)
}

function faultLine(x: number, y1: number, y2: number): string {
  return element('line', { x1: x, x2: x, y1, y2, stroke: COLOUR.fault, 'stroke-width': 1.4, 'stroke-dasharray': '4 3' })
}

function shade(left: number, right: number): string {
  const height = PLOT.bottom - PLOT.top
  return element('rect', {
    x: left,
    y: PLOT.top,
    width: right - left,
    height,
    fill: COLOUR.fault,
    'fill-opacity': 0.12,
  })
}

function gapText(gap: WriteGap | undefined): string {
  if (gap === undefined) return 'no write was ever acknowledged'
  const seconds = ((gap.end - gap.begin) / 1000).toFixed(2)
  return gap.over ? `write gap ${seconds} s` : `no write since, for ${seconds} s`
}
