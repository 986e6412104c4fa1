/** One of each generation of Immich. */
export const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"] as const;
