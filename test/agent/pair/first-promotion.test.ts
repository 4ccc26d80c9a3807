import { describe, expect, test } from 'vitest'
import { first, plan, reign, steps } from './pairs.ts'

describe('for the first time', () => {
  test('both take writes when they hold the same', () => {
    expect(steps('promote', first('1-10', '1-10')).at(-1)).toBe('open-writes')
  })

  test('nobody does where each holds what the other one lacks', () => {
    expect(plan('promote', first('1-9', '1-11')).because).toMatch(/each hold transactions the other lacks/)
  })

  test('nobody does before the other one was heard', () => {
    const seen = { ...first('1-10', '1-10'), peers: [{ node: 'beta', holdings: undefined }] }
    expect(plan('promote', seen).because).toMatch(/beta has not published/)
  })

  test('one that has taken writes alone goes on before the other one has ever been promoted', () => {
    expect(steps('promote', { ...first('1-9', '1-9'), memory: reign() }).at(-1)).toBe('open-writes')
  })
})
