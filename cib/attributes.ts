/** Every attribute that the agent owns, by the name of its resource. Lifetime and home stand beside each. */
export const ATTRIBUTES = {
  /** Cluster property, permanent: the SourceRecord. */
  sourceRecord: (resource: string) => `${resource}-source`,
  /** Node attribute, transient, private to the attribute daemon: the Holdings. */
  holdings: (resource: string) => `${resource}-holds`,
} as const

/** The property set in the CIB that keeps our cluster properties apart from Pacemaker's own. */
export const PROPERTY_SET = 'heir'
