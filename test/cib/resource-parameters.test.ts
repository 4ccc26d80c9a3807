import { expect, test } from 'vitest'
import { parseResources } from '../../cib/resource-parameters.ts'

const nvpair = (name: string, value: string) => `<nvpair id="x-${name}" name="${name}" value="${value}"/>`
const set = (...pairs: string[]) => `<instance_attributes id="i">${pairs.join('')}</instance_attributes>`
const HEIR = 'class="ocf" provider="heir" type="mysql"'
const cib = (resources: string) => `<configuration><resources>${resources}</resources></configuration>`

test('the parameters of a resource are its own, not those of its operations', async () => {
  const operation = `<operations><op id="o" name="start" interval="0s">${set(nvpair('datadir', '/wrong'))}</op></operations>`
  const primitive = `<primitive id="db" ${HEIR}>${set(nvpair('datadir', '/srv/a &amp; b'), nvpair('acks', '2'))}${operation}</primitive>`
  const [db, ...others] = await parseResources(
    cib(`<clone id="c">${primitive}</clone><primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"/>`),
  )
  expect(others).toEqual([])
  expect(db).toEqual({
    name: 'db',
    parameters: new Map([
      ['datadir', '/srv/a & b'],
      ['acks', '2'],
    ]),
  })
})
test('a resource takes from its template what it does not say itself', async () => {
  const template = `<template id="t" ${HEIR}>${set(nvpair('datadir', '/srv/t'), nvpair('acks', '2'))}</template>`
  const primitive = `<group id="g"><primitive id="db" template="t">${set(nvpair('datadir', '/srv/own'))}</primitive></group>`
  const [db] = await parseResources(cib(`${template}${primitive}`))
  expect(db?.parameters).toEqual(
    new Map([
      ['acks', '2'],
      ['datadir', '/srv/own'],
    ]),
  )
})
test('a cluster without resources has none', async () => {
  expect(await parseResources('<configuration/>')).toEqual([])
})
