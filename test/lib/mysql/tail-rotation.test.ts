import { describe, expect, test } from 'vitest'
import { formatGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { judgeTail } from '../../../lib/mysql/tail.ts'
import { executed, log } from './tail-fixtures.ts'

describe('a tail that reaches back over a rotation', () => {
  test('is cut on MariaDB, with the logs behind it', () => {
    const logs = ['mysql-bin.000001', 'mysql-bin.000002', 'mysql-bin.000003'].map(file => log('mariadb', file))
    const held = executed('mariadb', 'mysql-bin.000001')
    expect(judgeTail(logs, held)).toMatchObject({
      say: 'cut',
      cut: { file: '/data/mysql-bin.000002', position: 358, headEnd: 315, laterFiles: ['/data/mysql-bin.000003'] },
    })
  })

  test('counts what a server wrote for the first time in it', () => {
    const logs = ['mysql-bin.000002', 'mysql-bin.000003'].map(file => log('mariadb', file))
    const verdict = judgeTail(logs, executed('mariadb', 'mysql-bin.000001'))
    expect(verdict.say === 'cut' && formatGtidSet('mariadb', verdict.cut.transactions)).toBe(
      '0-1-25..25,0-1-27..27,0-9-26..26,7-1-2..2',
    )
  })

  test('is not cut on MySQL, which rotates only what it has committed', () => {
    const logs = ['mysql-bin.000001', 'mysql-bin.000002', 'mysql-bin.000003'].map(file => log('mysql', file))
    expect(judgeTail(logs, executed('mysql', 'mysql-bin.000001'))).toMatchObject({
      say: 'refuse',
      because: expect.stringMatching(/^mysql-bin.000003 begins after transactions that the source lacks: /),
    })
  })

  test('is not cut when a log between them is missing', () => {
    const logs = ['mysql-bin.000001', 'mysql-bin.000003'].map(file => log('mariadb', file))
    expect(judgeTail(logs, executed('mariadb', 'mysql-bin.000001'))).toMatchObject({
      say: 'refuse',
      because: expect.stringContaining('counts transactions that no log before it holds: '),
    })
  })
})
