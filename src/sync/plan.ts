import type { Config } from "../config/schema.ts";
import type { Ids } from "../immich/id_set.ts";

/** What a listing found out; sets hold asset ids. */
export interface Findings {
  /**
   * Assets of the library looked at: own ones, with INCLUDE_PARTNERS also partners'. Null when the
   * server was asked for the differences only.
   */
  readonly read: number | null;
  /** Those of them that belong to the album, young ones included; null like `read`. */
  readonly matching: number | null;
  /** Those that belong, are not in the album and are old enough. */
  readonly missing: Ids;
  /** Some of `missing`, own ones of which nothing proves that the server shows people at all. */
  readonly unproven: readonly string[];
  /** Those that belong and are not in the album, but are younger than MIN_ASSET_AGE. */
  readonly heldBack: Ids;
  /** Whether any asset of the library shows any person. */
  readonly anyPeople: boolean;
  /** Those that were listed in the album; undefined when only the differences were asked for. */
  readonly members: Ids | undefined;
  /** Assets in the album, other owners' included. */
  readonly inAlbum: number;
  /** Assets in the album that are other owners', which are left alone. */
  readonly foreign: number;
  /** Assets in the album whose own answer shows that they don't belong. */
  readonly unfit: Ids;
  /** Own assets that belong, old enough, with a face of nobody; undefined when no answer tells. */
  readonly unassigned?: number | undefined;
}

/** Ids to add and to remove; nothing is in both. */
export interface Plan {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** What to change so that the album equals the set of assets that belong, as far as `mode` lets. */
export function makePlan(findings: Findings, mode: Config["mode"]): Plan {
  return {
    add: mode === "remove-only"
      ? []
      : [...findings.missing].filter((id) => !findings.unfit.has(id)),
    // Missing and unfit at once: it changed between two answers, the next run will know.
    remove: mode === "add-only"
      ? []
      : [...findings.unfit].filter((id) => !findings.missing.has(id)),
  };
}
