import { withPort } from './address.ts'
import { AUDIENCE, type Balanced, checkService, type Service, servicesOf } from './balanced.ts'
import { comment } from './layout.ts'

/** haproxy.cfg, for haproxy 2.4 and later: health comes from `heir check --http`, and connections from nowhere else. */
export const haproxyConfiguration = (balanced: Balanced): string =>
  [
    comment([
      'For the machine that has the addresses below: a file of its own beside its configuration (haproxy -f FILE -f FILE), or part of it',
      checkService(balanced),
    ]),
    defaults(balanced),
    ...servicesOf(balanced).map(service => serviceText(service, balanced)),
  ].join('\n')

const defaults = ({ resource, checkPort }: Balanced): string =>
  [
    comment(['connections of databases are long, and often idle; a client that has gone is noticed by the kernel']),
    `defaults ${resource}\n`,
    '  mode tcp\n',
    '  timeout connect 3s\n',
    '  timeout client 8h\n',
    '  timeout server 8h\n',
    '  option clitcpka\n',
    '  option srvtcpka\n',
    '  option redispatch\n',
    comment([
      'a server is asked every second, given up after two answers that say no, and taken after two that say yes',
    ]),
    `  default-server check port ${checkPort} inter 1s fall 2 rise 2 init-addr last,libc,none\n`,
    comment(['whoever is connected to a server that is given up would wait there, or write where nobody may any more']),
    '  default-server on-marked-down shutdown-sessions\n',
    '  timeout check 4s\n',
  ].join('')

function serviceText({ name, address, role }: Service, { resource, servers, port }: Balanced): string {
  return [
    comment([AUDIENCE[role]]),
    `listen ${name} from ${resource}\n`,
    `  bind ${withPort(address.ip, port)}\n`,
    `  option httpchk GET /${role}\n`,
    '  http-check expect status 200\n',
    `  balance leastconn\n`,
    ...servers.map(({ node, host }) => `  server ${node} ${withPort(host, port)}\n`),
  ].join('')
}
