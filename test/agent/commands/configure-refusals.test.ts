import { expect, test } from 'vitest'
import { configureText } from '../../../agent/commands/configure.ts'
import type { ConfigureArguments } from '../../../agent/commands/configure-request.ts'
import { ADDRESSES, BALANCED, BOOTH, LVS, PAIR, SITE, VIRTUAL } from './configure-setups.ts'
import { words } from './configure-words.ts'

test.each<[Partial<ConfigureArguments>, string]>([
  [{ topology: 'ring' }, 'topology ring is unknown: use single-primary or multi-primary'],
  [{ topology: 'multi-primary' }, 'topology multi-primary is for two nodes, and there are 3: list two'],
  [
    { ...PAIR, readerVip: ['10.0.0.101/24'] },
    'both nodes of topology multi-primary read and write: leave --reader-vip out, clients use --writer-vip',
  ],
  [
    { ...PAIR, set: ['on_diverged=reseed'] },
    'topology multi-primary rebuilds no instance by itself, since each holds writes of its own: set on_diverged to quarantine',
  ],
  [{ ...PAIR, set: ['gtid=off'] }, 'topology multi-primary needs GTIDs, and gtid is off: set gtid to auto'],
  [{ ...PAIR, set: ['acks=2'] }, 'acks is 2, and each instance of a pair has one replica: set acks to 1'],
  [
    { set: ['topology=multi-primary'] },
    '--set topology contradicts the topology single-primary: say it as --topology alone',
  ],
  [{ failback: true }, 'nobody is preferred to go back to: add --prefer with a node'],
  [{ prefer: 'delta' }, 'preferred is "delta", which is no node: use alpha, beta, gamma'],
  [{ set: ['preferred_nodes=alpha,delta'] }, 'preferred is "delta", which is no node: use alpha, beta, gamma'],
  [{ set: ['acks=3'] }, 'acks is 3, and of 3 nodes one is the source: use 2 or less, or list more nodes'],
  [{ set: ['acks=2'], engine: 'mariadb' }, 'acks is 2, and MariaDB waits for one replica: set it to 1'],
  [
    { prefer: 'alpha', set: ['preferred_nodes=beta'] },
    'parameter preferred_nodes is set twice: set it by --set alone, or leave it out there',
  ],
  [{ set: ['failback_after=60'] }, 'failback_after is set, and no node is preferred: set preferred_nodes as well'],
  [
    { format: 'xml' },
    'format xml is unknown: use crm, pcs, cib-xml, my.cnf, sql, sysctl, keepalived, ldirectord, haproxy, booth',
  ],
  [
    { resource: 'my db' },
    'resource my db is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first',
  ],
  [
    { resource: 'db--1' },
    'resource db--1 is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first',
  ],
  [{ nodes: '' }, 'there are no nodes: list them as --nodes a,b,c'],
  [{ nodes: 'a,,b' }, 'node "" is no host name: list the nodes as a,b,c'],
  [{ nodes: 'a,b,a' }, 'node a is listed twice: name each node once'],
  [{ writerVip: undefined }, 'writers have no address: add --writer-vip, such as 10.0.0.100/24'],
  [{ writerVip: undefined, readerVip: [] }, 'writers have no address: add --writer-vip, such as 10.0.0.100/24'],
  [{ writerVip: '10.0.0.100' }, 'address "10.0.0.100" is not an IP address with a prefix: write it as 10.0.0.100/24'],
  [
    { readerVip: ['10.0.0.300/24'] },
    'address "10.0.0.300/24" is not an IP address with a prefix: write it as 10.0.0.100/24',
  ],
  [{ readerVip: ['10.0.0.100/16'] }, 'address 10.0.0.100 is given twice: use each address once'],
  [{ readerVip: ['fd00::1/64', 'fd00:0::1/64'] }, 'address fd00::1 is given twice: use each address once'],
  [{ writerVip: '' }, 'address "" is not an IP address with a prefix: write it as 10.0.0.100/24'],
  [
    { writerVip: '10.0.0.0/24' },
    'address 10.0.0.0/24 cannot be that of one machine: use a free one of the network of the nodes',
  ],
  [
    { readerVip: ['127.0.0.1/8'] },
    'address 127.0.0.1/8 is reached from its own machine alone: use a free one of the network of the nodes',
  ],
  [{ nic: '}eth0' }, 'nic "}eth0" is no name of a network interface: use one that "ip link" lists'],
  [{ nic: 'eth0:1' }, 'nic "eth0:1" is no name of a network interface: use one that "ip link" lists'],
  [{ set: ['gtid'] }, '--set gtid has no value: write --set gtid=VALUE'],
  [{ set: ['gtid='] }, '--set gtid has no value: write --set gtid=VALUE'],
  [{ set: ['=off'] }, 'parameter "" is unknown: "heir meta-data" lists the parameters'],
  [{ set: ['gtids=off'] }, 'parameter "gtids" is unknown: "heir meta-data" lists the parameters'],
  [{ set: ['gtid=off', 'gtid=auto'] }, 'parameter gtid is set twice: set it once'],
  [{ set: ['gtid=on'] }, 'gtid "on" is not possible: use auto or off'],
  [{ format: 'booth' }, 'there is no ticket: add --set site_ticket=NAME and --set site_source=HOST:PORT'],
  [{ boothVip: '10.0.0.200/24' }, 'there is no ticket: add --set site_ticket=NAME and --set site_source=HOST:PORT'],
  [
    { set: SITE, boothVip: '10.0.0.200' },
    'booth address 10.0.0.200 is not an IP address with a prefix: write it as 10.0.0.200/24',
  ],
  [
    { ...BOOTH, format: 'crm', boothVip: '10.0.0.201/24' },
    'booth address 10.0.0.201 of this site is none of 10.0.0.200, 10.1.0.200: add --booth-site',
  ],
  [{ format: 'booth', set: SITE }, 'booth needs the address that it has at each site: add --booth-site for both'],
  [{ ...BOOTH, arbitrator: [] }, 'of two sites neither can tell alone that the other is gone: add --arbitrator'],
  [{ ...BOOTH, arbitrator: ['10.0.0.200'] }, 'booth address 10.0.0.200 is given twice: use each address once'],
  [{ ...BOOTH, arbitrator: ['witness'] }, 'booth address witness is no IP address: write it as 10.0.0.200'],
  [{ firstServerId: 0 }, 'server_id 0 is none: choose --first-server-id from 1 to 4000000000'],
  [{ format: 'sql' }, 'sql differs by engine: add --engine mysql or mariadb'],
  [{ format: 'sql', engine: 'percona' }, 'engine percona is unknown: use mysql or mariadb, or such as mariadb-10.11'],
  [{ format: 'my.cnf', engine: 'mysql' }, 'my.cnf differs by node: add --node with one of alpha, beta, gamma'],
  [
    { format: 'my.cnf', engine: 'mysql', node: 'delta' },
    'my.cnf differs by node: add --node with one of alpha, beta, gamma',
  ],
  [{ format: '' }, 'the format is not said: add --format with one of crm, pcs, '],
  [{ resource: '' }, 'the resource has no name: add --resource, such as db'],
  [{ format: 'my.cnf', engine: 'mariadb-10.5.9' }, 'mariadb 10.5.9 is too old: use 10.6 or later'],
  [{ format: 'my.cnf', engine: 'mysql-5.7' }, 'mysql 5.7 is too old: use 8.0.26 or later'],
  [{ format: 'my.cnf', engine: 'mysql-8.0.25' }, 'mysql 8.0.25 is too old: use 8.0.26 or later'],
  [{ format: 'my.cnf', engine: 'mysql-new' }, 'engine mysql-new is unknown: use mysql or mariadb'],
  [{ address: ['delta=10.0.0.1'] }, 'address of delta, which is no node: write it as alpha=10.0.0.1'],
  [{ address: ['alpha'] }, 'address "" of alpha is no IP address: write it as alpha=10.0.0.1'],
  [{ address: ['alpha=10.0.0.1/24'] }, 'address "10.0.0.1/24" of alpha is no IP address: write it as alpha=10.0.0.1'],
  [{ address: ['alpha=10.0.0.1', 'alpha=10.0.0.2'] }, 'node alpha has two addresses: give it one'],
  [{ address: ['alpha=10.0.0.1', 'beta=10.0.0.1'] }, 'address 10.0.0.1 is given twice: use each address once'],
  [{ address: ['alpha=10.0.0.100'] }, 'address 10.0.0.100 is given twice: use each address once'],
  [{ checkPort: 0 }, 'port 0 for checks is none: use 1 to 65535'],
  [{ routerId: 254 }, 'virtual routers need the numbers 254 to 256: choose --router-id so that all are from 1 to 255'],
  [{ routerId: Number.NaN }, 'virtual routers need the numbers NaN to NaN'],
  [
    { format: 'haproxy', ...BALANCED, writerVip: undefined, readerVip: [] },
    'clients have no address: add --writer-vip',
  ],
  [{ format: 'haproxy' }, 'the cluster would have the addresses as well: add --balanced, there and for haproxy'],
  [
    { format: 'ldirectord', balanced: true, address: ['alpha=10.0.0.1'] },
    'ldirectord needs the address of each node: add --address beta=10.0.0.1',
  ],
  [
    { format: 'ldirectord', ...BALANCED, readerVip: ['fd00::1/64'] },
    "address fd00::1 and alpha's 10.0.0.1 are of two families: give the nodes addresses of the same one",
  ],
  [{ lvs: 'piranha' }, 'lvs piranha is unknown: use ldirectord or keepalived'],
  [{ balancers: 'lb1' }, 'balancers are for LVS: add --lvs ldirectord or keepalived'],
  [{ lvs: 'ldirectord' }, 'LVS has no balancer: list them as --balancers lb1,lb2'],
  [{ ...LVS, balancers: 'lb1,' }, 'balancer "" is no host name: list the balancers as lb1,lb2'],
  [{ ...LVS, balancers: 'lb1,lb1' }, 'balancer lb1 is listed twice: name each once'],
  [{ ...LVS, balancers: 'beta' }, 'beta is a node and a balancer: use a machine without a server to balance'],
  [{ format: 'keepalived', ...LVS, node: 'lb1' }, 'keepalived tells LVS nothing here: use --lvs keepalived everywhere'],
  [
    { format: 'keepalived', ...VIRTUAL, node: 'beta' },
    'keepalived differs by balancer: add --node with one of lb1, lb2',
  ],
  [
    { format: 'keepalived', ...VIRTUAL, address: [...ADDRESSES, 'lb1=10.0.0.11'], node: 'lb1' },
    'keepalived needs the address of each node: add --address lb2=10.0.0.1',
  ],
  [
    { format: 'keepalived', ...VIRTUAL, node: 'lb1', nic: undefined },
    'keepalived needs the network interface of the addresses: add --nic eth0',
  ],
  [
    { format: 'keepalived', address: ADDRESSES },
    'keepalived differs by node: add --node with one of alpha, beta, gamma',
  ],
  [
    { format: 'keepalived', address: ADDRESSES, node: 'beta', nic: undefined },
    'keepalived needs the network interface of the addresses: add --nic eth0',
  ],
  [
    { format: 'keepalived', address: ADDRESSES, node: 'beta', set: ['socket=/run/my db'] },
    'socket "/run/my db" cannot stand in keepalived.conf: use letters, digits and ./_-',
  ],
])('%j is refused', (change, refusal) => {
  expect(configureText(words(change), undefined)).toEqual({ refusal: expect.stringContaining(refusal) })
})
