import { PARAMETERS } from '../agent/parameter-table.ts'
import { ATTRIBUTES, PROPERTY_SET } from '../cib/attributes.ts'
import { formatHoldings } from '../cib/holdings.ts'
import { formatSourceRecord } from '../cib/source-record.ts'
import { code, table } from './markdown.ts'
import { HELD, RECORD } from './readme-examples.ts'

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
    holds: 'The source record. Promote writes it before it opens writes.',
    example: formatSourceRecord(RECORD),
  },
  holdings: {
    where: 'node attribute, transient, private to the attribute daemon',
    holds: 'What the instance holds, published before a promotion with its receiver stopped. Void in any other epoch.',
    example: formatHoldings({ epoch: RECORD.epoch, held: HELD }),
  },
  quarantine: {
    where: 'node attribute, permanent',
    holds:
      'Why the data of this node must not be used. Set around a cut, or by hand. Looked at while the instance does not follow the source.',
    example: 'the cut of binlog.000002 has not been checked yet; …',
  },
}

/** What the agent keeps in the cluster, as a table in Markdown. */
export function attributeTable(): string {
  const own = Object.entries(MEANINGS).map(([key, { where, holds, example }]) => [
    code(ATTRIBUTES[key as keyof typeof ATTRIBUTES](RESOURCE)),
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
