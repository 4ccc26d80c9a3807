/** Every attribute that the agent owns, by the name of its resource. Lifetime and home stand beside each. */
export const ATTRIBUTES = {
  /** Cluster property, permanent: the SourceRecord. */
  sourceRecord: (resource: string) => `${resource}-source`,
  /** Cluster property, permanent: the Guarantee, where it is no longer the one of the SourceRecord. */
  guarantee: (resource: string) => `${resource}-guarantee`,
  /** Cluster property, permanent: the Holdings with which a source stopped taking writes in good order. */
  handover: (resource: string) => `${resource}-handover`,
  /** Cluster property, permanent: the AcceptedLoss of an operator. */
  acceptedLoss: (resource: string) => `${resource}-accepted-loss`,
  /**
   * Cluster property, permanent: the Registration of a replica whose acknowledgements count. No node attribute: Pacemaker 3
   * elects a new controller whenever cibadmin changes the section of the nodes, and drops notifications meanwhile.
   */
  acker: (resource: string, node: string) => `${resource}-acker-${node}`,
  /** Cluster property, permanent: the SeedRequest of a node that waits for another one's data; gone as soon as they come. */
  seedRequest: (resource: string, node: string) => `${resource}-seed-${node}`,
  /** Node attribute, transient: how far the seeding of this node is, for people. */
  seeding: (resource: string) => `${resource}-seeding`,
  /** Node attribute, transient, private to the attribute daemon: the Holdings. */
  holdings: (resource: string) => `${resource}-holds`,
  /** Node attribute, transient, private to the attribute daemon, set in a cluster of two: this node has met the other one. */
  met: (resource: string) => `${resource}-met`,
  /** Node attribute, transient: why the instance needs attention though it serves. */
  degraded: (resource: string) => `${resource}-degraded`,
  /** Node attribute, permanent: why this node's data must not be used; set by hand or by the agent, removed by whoever rebuilds it. */
  quarantine: (resource: string) => `${resource}-quarantine`,
} as const

/**
 * A sentence as the value of an attribute: attrd_updater's output escapes nothing, and marks of XML would be. Pacemaker's tools
 * refuse a word that is not in the character set of their locale, and a server's error may quote anything: so ASCII alone.
 */
export const plainText = (sentence: string): string =>
  sentence
    .replaceAll(/["'<>&]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('…', '...')
    .replaceAll(/[^ -~]/gu, '?')

/** The property set in the CIB that keeps our cluster properties apart from Pacemaker's own. */
export const PROPERTY_SET = 'heir'
