import { expect, test } from 'vitest'
import { parseAddress } from '../../../cib/snippets/address.ts'

test.each([
  ['10.0.0.100/24', { ip: '10.0.0.100', prefix: 24 }],
  ['192.0.2.1/32', { ip: '192.0.2.1', prefix: 32 }],
  ['fd00::100/64', { ip: 'fd00::100', prefix: 64 }],
  ['FD00:0:0::0100/64', { ip: 'fd00::100', prefix: 64 }],
])('%s is an address', (text, address) => {
  expect(parseAddress(text)).toEqual(address)
})

test.each(['10.0.0.100', '10.0.0.256/24', '10.0.0.1/33', '10.0.0.1/0', 'fd00::1/129', 'host/24', '10.0.0.1/24/8', ''])(
  '%j is none',
  text => {
    expect(parseAddress(text)).toBeUndefined()
  },
)
