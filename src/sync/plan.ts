import type { Config } from "../config/config.ts";
import type { Findings } from "./findings.ts";

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
