import { clusterMemory } from './cluster-memory.ts'
import type { Lab } from './lab.ts'

/** The nodes whose data the cluster keeps apart, each with the reason; as the first node of the lab knows it, which has to be up. */
export const quarantines = async (lab: Lab): Promise<ReadonlyMap<string, string>> =>
  (await clusterMemory(lab)).quarantines
