import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { type Bucket, buckets, longestGap } from './judge.ts'
import { paper } from './paper.ts'
import { COLOUR, PAPER, PLOT, STEP_MS, STRIP } from './picture-layout.ts'
import { curve, fault, gridLine, rate, reign, secondLabel } from './picture-parts.ts'
import { type Scale, scale, ticks } from './scale.ts'
import { element, textLine } from './svg.ts'
import type { Attempt } from './write-record.ts'

/** Something that was done to the cluster, and when (milliseconds since 1970). */
export interface Mark {
  readonly at: number
  readonly label: string
}

/** The node that is promoted from an instant on; undefined for none. */
export interface RoleChange {
  readonly at: number
  readonly node: string | undefined
}

/** What the picture tells. Marks and roles are in the order of time. */
export interface Story {
  readonly title: string
  readonly subtitle: string
  readonly attempts: readonly Attempt[]
  readonly marks: readonly Mark[]
  readonly roles: readonly RoleChange[]
}

/** Write `NAME.svg` and `NAME.png` into the directory. */
export async function writePicture(story: Story, directory: string, name: string): Promise<void> {
  const file = join(directory, `${name}.svg`)
  await writeFile(file, picture(story))
  const args = ['--zoom', '2', '--output', join(directory, `${name}.png`), file]
  const { exitCode, stderr } = await command('rsvg-convert', args, { deadline: Deadline.in(30_000) })
  if (exitCode !== 0) throw new Failure('rejected', `rsvg-convert: ${stderr}`)
}

/** The text of an SVG file: acknowledged writes per second over time, the faults and their gaps, and who was promoted when. */
export function picture(story: Story): string {
  const steps = buckets(story.attempts, STEP_MS)
  const begin = steps[0]?.begin ?? 0
  const end = begin + Math.max(1, steps.length) * STEP_MS
  const x = scale(begin, end, PLOT.left, PLOT.right)
  const content = [...plot(steps, begin, end, x), ...reigns(story.roles, begin, end, x), ...faults(story, end, x)]
  return page(story, content)
}

function plot(steps: readonly Bucket[], begin: number, end: number, x: Scale): string[] {
  const levels = ticks(Math.max(0, ...steps.map(rate)), 4)
  const y = scale(0, levels.at(-1) ?? 1, PLOT.bottom, PLOT.top)
  const seconds = ticks((end - begin) / 1000, 12).map(second => ({ second, at: begin + second * 1000 }))
  return [
    ...levels.map(level => gridLine(level, y(level))),
    ...seconds.filter(({ at }) => at <= end).map(({ second, at }) => secondLabel(second, x(at))),
    curve(steps, x, y),
  ]
}

function faults({ attempts, marks }: Story, end: number, x: Scale): string[] {
  return marks.map(({ at, label }, index) => {
    const gap = longestGap(attempts, at, marks[index + 1]?.at ?? end)
    return fault(label, x(at), gap, x)
  })
}

function reigns(roles: readonly RoleChange[], begin: number, end: number, x: Scale): string[] {
  const nodes = [...new Set(roles.flatMap(({ node }) => node ?? []))].sort()
  return roles.map(({ at, node }, index) => {
    const until = Math.min(end, roles[index + 1]?.at ?? end)
    return reign(node, x(Math.max(begin, at)), x(until), nodes.indexOf(node ?? ''))
  })
}

function page({ title, subtitle }: Story, content: readonly string[]): string {
  const faint = { fill: COLOUR.faint, 'font-size': 12 }
  const middle = { ...faint, 'text-anchor': 'middle' }
  const labels = [
    textLine(PLOT.left - 8, STRIP.top + 16, 'primary', { ...faint, 'text-anchor': 'end' }),
    element(
      'g',
      { transform: `translate(20 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)` },
      textLine(0, 0, 'writes per second', middle),
    ),
  ]
  return paper({ ...PAPER, left: PLOT.left, title, subtitle }, [...labels, ...content])
}
