import { XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { picture, type Story } from './picture.ts'
import type { Attempt } from './write-record.ts'

function attempt(end: number, error?: string): Attempt {
  return { id: `a:${end}`, rows: 1, begin: end - 5, sent: end - 5, end, server: 'node1', error }
}

/** A write every 100 ms for ten seconds, and none from 4 s to 6 s. */
const ATTEMPTS = Array.from({ length: 100 }, (_, index) =>
  attempt(index * 100, index > 40 && index < 60 ? 'ECONNREFUSED' : undefined),
)

const STORY: Story = {
  title: 'a failover',
  subtitle: 'three nodes',
  attempts: ATTEMPTS,
  marks: [{ at: 4050, label: 'kill mysqld on node1' }],
  roles: [
    { at: 0, node: 'node1' },
    { at: 4500, node: undefined },
    { at: 5500, node: 'node2' },
  ],
}

function texts(story: Story): string[] {
  return [...picture(story).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text)
}

test('the picture tells the fault, its gap and who was promoted', () => {
  expect(texts(STORY)).toEqual(expect.arrayContaining(['kill mysqld on node1', 'write gap 2.00 s', 'node1', 'node2']))
})

test('the picture is well-formed whatever its texts say', () => {
  const svg = picture({ ...STORY, title: "R&D <\"> 'x'" })
  expect(XMLValidator.validate(svg)).toBe(true)
  expect(svg).toContain('R&amp;D &lt;&quot;&gt;')
})

test('a gap that never ends is told as such', () => {
  expect(texts({ ...STORY, attempts: [...ATTEMPTS.slice(0, 41), attempt(7000, 'ECONNREFUSED')] })).toContain(
    'no write since, for 3.00 s',
  )
})

test('a fault without any acknowledged write is told as such', () => {
  expect(texts({ ...STORY, attempts: [attempt(0, 'ECONNREFUSED'), attempt(9000, 'ECONNREFUSED')] })).toContain(
    'no write was ever acknowledged',
  )
})

test('a fault near the right edge has its label on the left', () => {
  const svg = picture({ ...STORY, marks: [{ at: 9500, label: 'late' }] })
  expect(svg).toMatch(/<text [^>]*text-anchor="end"[^>]*>late</)
})

test('nothing lies outside the paper', () => {
  const places = [...picture(STORY).matchAll(/ (?:x|x1|x2)="([-\d.]+)"/g)].map(([, place]) => Number(place))
  expect(Math.min(...places)).toBeGreaterThanOrEqual(-8)
  expect(Math.max(...places)).toBeLessThanOrEqual(1080)
})

test('an empty record makes an empty plot', () => {
  expect(XMLValidator.validate(picture({ ...STORY, attempts: [], marks: [], roles: [] }))).toBe(true)
})
