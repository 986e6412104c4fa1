import type { Config } from "../config/config.ts";
import { type Ids, without } from "../immich/id_set.ts";
import type { Findings } from "./findings.ts";

/** Ids to add and to remove; nothing is in both. */
export interface Plan {
  readonly add: Ids;
  readonly remove: Ids;
}

export const NO_IDS: Ids = new Set();

/** What to change so that the album equals the set of assets that belong, as far as `mode` lets. */
export function makePlan(findings: Findings, mode: Config["mode"]): Plan {
  return {
    // Missing and unfit at once: it changed between two answers, the next run will know.
    add: mode === "remove-only" ? NO_IDS : without(findings.missing, findings.unfit),
    remove: mode === "add-only" ? NO_IDS : without(findings.unfit, findings.missing),
  };
}
