import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { seedComplaint } from '../../../agent/commands/seed-complaint.ts'

test.each([-1, 1.5, 65_536, Number.NaN])('port %d is refused before anything is done to the old data', async port => {
  expect(await seedComplaint({ port })).toBe(
    `--port ${port} is no port: use 1 to 65535, or leave it out for any that is free`,
  )
})

test('so is a port that is taken, and not the same one when it is free again', async () => {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await seedComplaint({ port })).toContain(`port ${port} of this node cannot be used`)
  server.close()
  await once(server, 'close')
  expect(await seedComplaint({ port })).toBeUndefined()
  expect(await seedComplaint({ port: 0 })).toBeUndefined()
})
