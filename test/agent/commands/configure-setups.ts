/** Where the nodes of the examples are. */
export const ADDRESSES = ['alpha=10.0.0.1', 'beta=10.0.0.2', 'gamma=10.0.0.3']

/** Two primaries, with a preferred home for their address. */
export const PAIR = { topology: 'multi-primary', nodes: 'alpha,beta', readerVip: [], prefer: 'alpha', failback: true }

/** The addresses are a balancer's. */
export const BALANCED = { balanced: true, address: ADDRESSES }

/** The same with LVS, told by a cluster that the balancers belong to. */
export const LVS = {
  ...{ balanced: true, lvs: 'ldirectord', balancers: 'lb1,lb2' },
  address: [...ADDRESSES, 'lb1=10.0.0.11', 'lb2=10.0.0.12'],
}

/** The same with balancers outside of the cluster. */
export const VIRTUAL = { ...LVS, lvs: 'keepalived' }

/** The parameters of a cluster that is one of two sites. */
export const SITE = ['site_source=10.1.0.100:3306', 'site_ticket=db-site']

/** What grants the ticket of two sites. */
export const BOOTH = { format: 'booth', set: SITE, boothSite: ['10.0.0.200', '10.1.0.200'], arbitrator: ['10.2.0.1'] }
