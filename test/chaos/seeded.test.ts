import { expect, test } from 'vitest'
import { FAULTS, faultNamed } from './faults.ts'
import { drawFaults } from './random-faults.ts'
import { draw, pick } from './scene.ts'
import { seeded } from './seeded.ts'
import type { Scene } from './types.ts'

function scene(seed: string, notes: string[] = []): Scene {
  const note = (line: string) => void notes.push(line)
  return {
    lab: {} as Scene['lab'],
    source: 'node1',
    replicas: ['node2', 'node3'],
    dc: 'node1',
    random: seeded(seed),
    note,
  }
}

function firstFaults(seed: string): string[] {
  let left = 50
  return [...drawFaults(FAULTS, seed, () => left-- > 0)].map(({ name }) => name)
}

test('the same seed makes the same choices, and another seed others', () => {
  const choices = (seed: string) => {
    const one = scene(seed)
    return Array.from({ length: 20 }, () => draw(one, 'number', 1, 1000))
  }
  expect(choices('7')).toEqual(choices('7'))
  expect(choices('7')).not.toEqual(choices('8'))
})

test('every choice can be drawn, and none beside them', () => {
  const one = scene('1')
  const drawn = Array.from({ length: 200 }, () => pick(one, 'replica', one.replicas))
  expect(new Set(drawn)).toEqual(new Set(['node2', 'node3']))
  const numbers = Array.from({ length: 200 }, () => draw(one, 'number', 3, 5))
  expect(new Set(numbers)).toEqual(new Set([3, 4, 5]))
})

test('what is drawn is noted', () => {
  const notes: string[] = []
  const choice = pick(scene('1', notes), 'replica', ['node2', 'node3'])
  expect(notes).toEqual([`drawn: replica = ${choice}`])
})

test('faults at random are the same for the same seed, many, and none that a human has to heal', () => {
  expect(firstFaults('7')).toEqual(firstFaults('7'))
  expect(firstFaults('7')).not.toEqual(firstFaults('8'))
  expect(new Set(firstFaults('7')).size).toBeGreaterThan(15)
  expect(firstFaults('7')).not.toContain('errant')
})

test('the names of the faults are different, and each is found by its own', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
  for (const fault of FAULTS) expect(faultNamed(fault.name)).toBe(fault)
})
