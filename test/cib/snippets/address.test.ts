import { expect, test } from 'vitest'
import { isMachineAddress, parseAddress } from '../../../cib/snippets/address.ts'

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

const fits = (text: string) => {
  const address = parseAddress(text)
  return address !== undefined && isMachineAddress(address)
}

test.each(['10.0.0.0/24', '10.0.0.255/24', '10.0.2.0/23', '10.0.3.255/22', '0.0.0.0/8', '224.0.0.1/24', '240.0.0.1/8'])(
  '%s is not the address of one machine',
  text => expect(fits(text)).toBe(false),
)

test.each(['::/64', 'ff02::1/64', 'fe80::1/64', 'fe80::1%eth0/64'])('nor is %s', text => expect(fits(text)).toBe(false))

test.each(['10.0.1.0/16', '10.0.0.255/16', '10.0.0.0/31', '10.0.0.0/32', '127.0.0.1/8', '::1/128', 'fd00::1/64'])(
  '%s is one',
  text => expect(fits(text)).toBe(true),
)
