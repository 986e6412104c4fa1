import type { AssetDetails } from "../immich/asset_details.ts";
import type { RunResult } from "../sync/run.ts";
import type { Summary } from "../sync/summary.ts";
import type { Finish } from "./gather.ts";

/** How many assets of a list are shown; the others are counted. */
export const MOST_SHOWN = 200;

export type ListKind = "failed" | "add" | "remove" | "heldBack";

/** One asset of a list. */
export interface ListedAsset {
  readonly id: string;
  /** Why it could not be added or removed: what was to be done, and Immich's word for the reason. */
  readonly failure?: { readonly action: "add" | "remove"; readonly error: string };
}

/** Assets with the same fate. */
export interface AssetList {
  readonly kind: ListKind;
  /** At most `MOST_SHOWN` of them. */
  readonly shown: readonly ListedAsset[];
  readonly total: number;
}

/** What a run did, or would do, with single assets; each asset is in one list at most. */
export function listsOf({ summary, plan, heldBack }: Omit<RunResult, "defect">): AssetList[] {
  const failed = new Set(summary.failed.map(({ id }) => id));
  const listed = (kind: ListKind, ids: Iterable<string>): AssetList => {
    const shown: ListedAsset[] = [];
    let total = 0;
    for (const id of ids) {
      if (failed.has(id)) continue;
      if (total++ < MOST_SHOWN) shown.push({ id });
    }
    return { kind, shown, total };
  };
  return [
    {
      kind: "failed",
      shown: summary.failed.slice(0, MOST_SHOWN)
        .map(({ id, action, error }) => ({ id, failure: { action, error } })),
      total: summary.failed.length,
    },
    listed("add", plan.add),
    listed("remove", plan.remove),
    listed("heldBack", heldBack),
  ];
}

/** The ids of all that is shown, one of each list in turn: what runs out, runs out for all. */
export function idsInTurn(lists: readonly AssetList[]): string[] {
  const longest = Math.max(0, ...lists.map(({ shown }) => shown.length));
  return Array.from({ length: longest }, (_, index) => index)
    .flatMap((index) => lists.flatMap(({ shown }) => shown[index]?.id ?? []));
}

/** Everything that the HTML report shows. */
export interface ReportPage extends Finish {
  readonly summary: Summary;
  readonly startedAt: Date;
  /** Of this program. */
  readonly version: string;
  readonly lists: readonly AssetList[];
  /** By asset id; what is missing could not be read. */
  readonly details: ReadonlyMap<string, AssetDetails>;
}
