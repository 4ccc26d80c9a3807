import { COLOUR } from './picture-layout.ts'
import { element, textLine } from './svg.ts'

/** The heading of a picture, and its size in pixels. */
export interface Paper {
  readonly width: number
  readonly height: number
  /** Where the heading begins. */
  readonly left: number
  readonly title: string
  readonly subtitle: string
}

/** The text of an SVG file. The picture has a background of its own: it is looked at on light pages and on dark ones. */
export function paper({ width, height, left, title, subtitle }: Paper, content: readonly string[]): string {
  const sheet = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8, fill: COLOUR.paper, stroke: COLOUR.line }
  const font = { 'font-family': "'DejaVu Sans', sans-serif", 'font-size': 13, fill: COLOUR.ink }
  const svg = element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, ...font },
    element('rect', sheet),
    textLine(left, 38, title, { 'font-size': 20, 'font-weight': 'bold' }),
    textLine(left, 60, subtitle, { fill: COLOUR.faint }),
    ...content,
  )
  return `${svg}\n`
}
