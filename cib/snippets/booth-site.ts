import type { Address } from './address.ts'
import type { Configuration, Constraint, Resource } from './configuration.ts'
import { floatingAddress } from './floating-address.ts'
import { onlyOn } from './only-on.ts'

/** What Pacemaker has to know of the booth of its site. */
export interface BoothSiteOptions {
  readonly resource: string
  readonly nodes: readonly string[]
  /** Where booth of this site is reached by the others. */
  readonly address: Address
  /** The network interface of the address; the routing table decides when it is left out. */
  readonly nic: string | undefined
}

/** The same cluster with booth in it, which gets tickets for this site. */
export const withBooth = (cluster: Configuration, options: BoothSiteOptions): Configuration => ({
  ...cluster,
  notes: [...cluster.notes, FIRST],
  resources: [...cluster.resources, ...resources(options)],
  constraints: [...cluster.constraints, ...constraints(options)],
})

const FIRST =
  'booth: before this is loaded, every node of the database needs the packages booth and booth-pacemaker (Debian) or booth-site (Red Hat), what the format booth prints as /etc/booth/booth.conf, and the key /etc/booth/authkey, the same at both sites and on the arbitrator. Keep systemd from it here: Pacemaker starts it.'

const daemonOf = ({ resource }: BoothSiteOptions) => `${resource}-booth`
const addressOf = ({ resource }: BoothSiteOptions) => `${resource}-booth-ip`

const resources = (options: BoothSiteOptions): readonly Resource[] => [
  floatingAddress(addressOf(options), options, 'where booth of the other places finds booth of this site', {
    value: '100',
    because: 'a move interrupts booth',
  }),
  {
    id: daemonOf(options),
    agent: 'ocf:pacemaker:booth-site',
    because: 'agrees with the other places which site has the ticket, and tells Pacemaker here',
    parameters: [],
    operations: [
      { name: 'start', timeoutSeconds: 60, because: 'it waits until it answers' },
      { name: 'stop', timeoutSeconds: 60 },
      { name: 'monitor', timeoutSeconds: 20, intervalSeconds: 10 },
    ],
    meta: [],
  },
]

function constraints(options: BoothSiteOptions): readonly Constraint[] {
  const [daemon, address] = [daemonOf(options), addressOf(options)]
  return [
    onlyOn(
      `${address}-only-on-its-nodes`,
      address,
      options.nodes,
      'further nodes of the cluster need neither booth nor its files',
    ),
    onlyOn(`${daemon}-only-on-its-nodes`, daemon, options.nodes, 'the same for booth itself'),
    {
      id: `${daemon}-with-its-address`,
      kind: 'colocation',
      resource: daemon,
      with: address,
      score: 'INFINITY',
      because: 'booth knows by its address which of the sites it is',
    },
    {
      id: `${daemon}-after-its-address`,
      kind: 'order',
      first: { action: 'start', resource: address },
      second: { action: 'start', resource: daemon },
      because: 'it does not start without the address',
    },
    {
      id: `${daemon}-before-its-address`,
      kind: 'order',
      first: { action: 'stop', resource: daemon },
      second: { action: 'stop', resource: address },
      because: 'it ends in good order',
    },
  ]
}
