import { expect, test } from 'vitest'
import { outermost } from '../../cib/hold-back.ts'
import { formatSeedRequest, parseSeedRequest } from '../../cib/seed-request.ts'

const CIB = `<resources>
  <primitive id="fence" class="stonith" type="x"><operations/></primitive>
  <clone id="db-clone"><meta_attributes id="m"/><primitive id="db" class="ocf"><operations/></primitive></clone>
  <group id="vips"><primitive id="vip" class="ocf"/></group>
  <clone id="deep"><group id="inner"><primitive id="one" class="ocf"/></group></clone>
</resources>`

test('constraints name the clone or group around a resource', () => {
  expect(['db', 'vip', 'one', 'fence'].map(name => outermost(name, CIB))).toEqual(['db-clone', 'vips', 'deep', 'fence'])
  expect(() => outermost('other', CIB)).toThrow('the cluster has no resource other')
})

test('a seed request reads as it was written', () => {
  const request = { donor: 'beta', method: 'dump', host: 'gamma', port: 41733, nonce: 'ab12' } as const
  expect(parseSeedRequest(formatSeedRequest(request))).toEqual(request)
  expect(() => parseSeedRequest('donor=a method=copy host=b port=1 nonce=c')).toThrow('"copy" is no method')
})
