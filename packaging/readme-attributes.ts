import { PARAMETERS } from '../agent/parameter-table.ts'
import { formatAcceptedLoss } from '../cib/accepted-loss.ts'
import { ATTRIBUTES, PROPERTY_SET } from '../cib/attributes.ts'
import { formatGuarantee } from '../cib/guarantee.ts'
import { formatHoldings } from '../cib/holdings.ts'
import { formatRegistration } from '../cib/registration.ts'
import { formatSeedRequest } from '../cib/seed-request.ts'
import { formatSourceRecord } from '../cib/source-record.ts'
import { code, table } from './markdown.ts'
import { HOLDINGS, RECORD, REGISTRATION, SEED_REQUEST } from './readme-examples.ts'

/** The name of the resource in the README. */
const RESOURCE = 'db'

interface Meaning {
  readonly where: string
  readonly holds: string
  readonly example: string
}

const MEANINGS: Readonly<Record<keyof typeof ATTRIBUTES, Meaning>> = {
  sourceRecord: {
    where: `cluster property, permanent, in the property set ${code(PROPERTY_SET)}`,
    holds:
      "The source record. Promote writes it before it opens writes. At a site that follows another one, `node` is that one's address, and `log` is empty.",
    example: formatSourceRecord(RECORD),
  },
  holdings: {
    where: 'node attribute, transient, private to the attribute daemon',
    holds: 'What the instance holds, published before a promotion with its receiver stopped. Void in any other epoch.',
    example: formatHoldings(HOLDINGS),
  },
  guarantee: {
    where: `cluster property, permanent, in the property set ${code(PROPERTY_SET)}`,
    holds:
      'On how many replicas every acknowledged write is at least, and whether the source has it over a loss of power, where that is not what the record says. acks=0: the source commits alone. Void in any other epoch.',
    example: formatGuarantee({ epoch: RECORD.epoch, acks: 0, synced: true }),
  },
  handover: {
    where: `cluster property, permanent, in the property set ${code(PROPERTY_SET)}`,
    holds:
      'What a source held when it stopped taking writes in good order, at this site or at the one that it follows. Void in any other epoch.',
    example: formatHoldings(HOLDINGS),
  },
  acceptedLoss: {
    where: `cluster property, permanent, in the property set ${code(PROPERTY_SET)}`,
    holds:
      'The node that may be promoted without proof, by "heir promote --accept-loss". Of two primaries also the one that goes on without what the other one had when "heir seed --discard" replaced it. Void in any other epoch.',
    example: formatAcceptedLoss({ epoch: RECORD.epoch, node: 'alpha' }),
  },
  acker: {
    where: `cluster property, permanent, in the property set ${code(PROPERTY_SET)}, one for each node`,
    holds:
      'From which epoch on, and since which boot of its machine, acknowledgements of this replica count. Written before it acknowledges; the source removes it when the replica is gone.',
    example: formatRegistration(REGISTRATION),
  },
  seedRequest: {
    where: `cluster property, permanent, in the property set ${code(PROPERTY_SET)}; for seconds`,
    holds:
      'That this node waits for the data of another one, where, and how they are to come. The agent of that one calls. Holds no secret.',
    example: formatSeedRequest(SEED_REQUEST),
  },
  seeding: {
    where: 'node attribute, transient',
    holds: 'How far the seeding of this node is. Gone when it is over.',
    example: 'copying 42 %',
  },
  met: {
    where: 'node attribute, transient, private to the attribute daemon; in a cluster of two only',
    holds:
      'That this node has met the other one since Pacemaker started here. Without it, it is not promoted while the other one is absent: what it remembers may be old.',
    example: 'yes',
  },
  degraded: {
    where: 'node attribute, transient',
    holds:
      'Why the instance needs attention though it serves, from the second monitor in a row that finds it so. Absent where nothing is wrong.',
    example: 'alpha is the source, and no replica is there to acknowledge its commits',
  },
  quarantine: {
    where: 'node attribute, permanent',
    holds:
      'Why the data of this node must not be used. Set around a cut, when it holds transactions of its own, or by hand. heir rejoin and heir seed delete it.',
    example: 'the cut of binlog.000002 at 1944 has not been checked yet; …',
  },
}

/** What the agent keeps in the cluster, as a table in Markdown. */
export function attributeTable(): string {
  const own = Object.entries(MEANINGS).map(([key, { where, holds, example }]) => [
    code(ATTRIBUTES[key as keyof typeof ATTRIBUTES](RESOURCE, 'alpha')),
    where,
    holds,
    code(example),
  ])
  const shared = [
    [code(`master-${RESOURCE}`), 'node attribute, transient', 'The promotion score.', code('900')],
    [
      code(PARAMETERS.reader_attribute.default),
      'node attribute, transient; named by the parameter `reader_attribute`',
      '1 where clients may read, 0 where they must not.',
      code('1'),
    ],
  ]
  return table(['name', 'kind', 'what it holds', 'for example'], [...own, ...shared])
}
