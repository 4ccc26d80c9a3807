import type { Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import { peer, replication, situation, unpromoted } from './situations.ts'

/** alpha, asked to succeed beta, with its receiver stopped and what the others published. */
export const candidate = (change: Partial<Situation> = {}) =>
  situation({
    instance: unpromoted({ replication: replication({ receiver: 'stopped' }) }),
    peers: [peer('gamma', '1-10')],
    ...change,
  })

/** What it is to do. */
export const plan = (change: Partial<Situation> = {}) => decide('promote', candidate(change))

/** The names of the steps. */
export const steps = (change: Partial<Situation> = {}) => plan(change).steps.map(step => step.do)
