/** Every attribute that the agent owns, by the name of its resource. Lifetime and home stand beside each. */
export const ATTRIBUTES = {
  /** Cluster property, permanent: the SourceRecord. */
  sourceRecord: (resource: string) => `${resource}-source`,
  /** Node attribute, transient, private to the attribute daemon: the Holdings. */
  holdings: (resource: string) => `${resource}-holds`,
  /** Node attribute, permanent: why this node's data must not be used; set by hand or by the agent, removed by whoever rebuilds it. */
  quarantine: (resource: string) => `${resource}-quarantine`,
} as const

/** The property set in the CIB that keeps our cluster properties apart from Pacemaker's own. */
export const PROPERTY_SET = 'heir'
