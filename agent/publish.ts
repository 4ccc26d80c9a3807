import { ATTRIBUTES, plainText } from '../cib/attributes.ts'
import { noteMeeting } from '../cib/meeting.ts'
import { deleteNodeAttribute, writeNodeAttribute } from '../cib/node-attribute.ts'
import { writePromotionScore } from '../cib/promotion-score.ts'
import { findServer } from '../lib/mysql/server-process.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Fitness } from './fitness.ts'
import type { Published, Session } from './session.ts'
import type { Situation } from './situation.ts'

/** A recurring monitor says the same again after this long, in case the cluster has lost it. */
const REPEAT_MS = 60_000

/** The cluster may take that long to be told. */
const PUBLISH_MS = 5000

/** What the cluster is told of an instance. */
export interface News extends Pick<Fitness, 'because' | 'score' | 'readable'> {
  /** Why it needs attention though it serves; undefined where it does not. */
  readonly complaint: string | undefined
}

/**
 * Tell the cluster how fit this instance is: its promotion score, its reader mark, and what is wrong with it. What the action
 * has done stays done when the cluster does not listen: that is a warning, and the next monitor says it again.
 */
export async function publish(news: News, situation: Situation, session: Session): Promise<void> {
  try {
    await tell(news, situation, session)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(`not published that ${news.because}: ${error.message}`)
  }
}

async function tell({ score, readable, complaint }: News, situation: Situation, session: Session): Promise<void> {
  const { invocation, parameters, node, published } = session
  const deadline = session.deadline.within(PUBLISH_MS)
  const before = await published.read()
  const mayBeThere = before === undefined || before.complaint !== undefined
  await Promise.all([
    invocation.instances === 2 ? noteMeeting(invocation.resource, node, deadline) : undefined,
    writePromotionScore(invocation.resource, node, score, deadline),
    score === undefined
      ? deleteNodeAttribute(parameters.reader_attribute, node, deadline)
      : writeNodeAttribute(
          { name: parameters.reader_attribute, node, value: readable ? '1' : '0', home: 'cib' },
          deadline,
        ),
    complaint !== undefined || mayBeThere ? tellComplaint(complaint, session, deadline) : undefined,
  ])
  const { state } = situation.instance
  await published.write({
    process: await findServer({ pidFile: parameters.pid, dataDirectory: parameters.datadir }),
    role: state === 'promoted' || state === 'unpromoted' ? state : undefined,
    score,
    readable,
    complaint,
    at: Date.now(),
  })
}

/** For people, in crm_mon. */
async function tellComplaint(complaint: string | undefined, { invocation, node }: Session, deadline: Deadline) {
  const name = ATTRIBUTES.degraded(invocation.resource)
  if (complaint === undefined) return deleteNodeAttribute(name, node, deadline)
  return writeNodeAttribute({ name, node, value: plainText(complaint), home: 'cib' }, deadline)
}

/** The same, unless the cluster was told just that a moment ago: no process is started when nothing has changed. */
export async function publishChange(news: News, situation: Situation, session: Session): Promise<void> {
  const last = await session.published.read()
  if (last === undefined || differs(last, news, situation)) await publish(news, situation, session)
}

function differs(last: Published, { score, readable, complaint }: News, { instance }: Situation): boolean {
  const age = Date.now() - last.at
  return (
    last.score !== score ||
    last.readable !== readable ||
    last.complaint !== complaint ||
    last.role !== instance.state ||
    age < 0 ||
    age > REPEAT_MS
  )
}
