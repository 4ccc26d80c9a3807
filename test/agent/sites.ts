import type { InstanceView, SiteView, Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import type { SourceRecord } from '../../cib/source-record.ts'
import { answering, memory, notification, peer, record, replication, situation, unpromoted } from './situations.ts'

/** The other site's address. */
export const AWAY = { host: '10.1.0.100', port: 3306 }
/** The same as the record has it. */
export const NAME = '10.1.0.100:3306'
/** It does not answer. */
export const silent: InstanceView = { answers: false, because: 'no route to 10.1.0.100', silent: true }
/** There is another site, which takes writes. */
export const site = (change: Partial<SiteView> = {}): SiteView => ({
  ...AWAY,
  ticket: 'db-site',
  granted: false,
  other: answering('1-20'),
  ...change,
})
/** The record at a site that follows. */
export const away = (change: Partial<SourceRecord> = {}): SourceRecord =>
  record({ ...AWAY, node: NAME, acks: 0, proven: false, binaryLog: { file: '', position: 0 }, ...change })
/** An instance that follows the other site. */
export const following = (change = {}) => unpromoted({ replication: replication({ sourceHost: AWAY.host, ...change }) })
/** alpha at a site that follows the other one. */
export const passive = (change: Partial<Situation> = {}) =>
  situation({ instance: following(), memory: memory({ record: away() }), site: site(), ...change })
/** The same with its election under way: receivers are stopped. */
export const elected = (change: Partial<Situation> = {}) =>
  passive({
    instance: following({ receiver: 'stopped' }),
    notification: notification({ promoted: [] }),
    peers: [peer('beta', '1-10'), peer('gamma', '1-9')],
    site: site({ granted: true, other: silent }),
    ...change,
  })
/** alpha, which was the source until its site lost the ticket. */
export const former = (change: Partial<Situation> = {}) =>
  situation({
    instance: unpromoted(),
    memory: memory({ record: record({ node: 'alpha', host: 'alpha' }) }),
    site: site(),
    ...change,
  })
/** The names of the steps. */
export const steps = (deed: Parameters<typeof decide>[0], subject: Situation) =>
  decide(deed, subject).steps.map(one => one.do)
