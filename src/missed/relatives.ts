import type { AssetTable } from "./asset_table.ts";

/** Why somebody may be on an asset: somebody is on another one of its group. */
export interface Relation {
  readonly row: number;
  /** The nearest in time of the group that shows somebody. */
  readonly relative: number;
}

/**
 * The candidates of which another asset in the same group shows somebody: a duplicate, or one of
 * the same stack.
 *
 * @param groups rows of each group; those that were not listed are missing
 */
export function findRelatives(
  table: AssetTable,
  groups: Iterable<readonly number[]>,
): Relation[] {
  const found: Relation[] = [];
  for (const group of groups) {
    const showing = group.filter((row) => table.showsSomebody(row));
    if (showing.length === 0) continue;
    for (const row of group) {
      if (!table.isCandidate(row)) continue;
      const apart = (other: number) => Math.abs(table.takenAt(other) - table.takenAt(row));
      const relative = showing.reduce((a, b) => apart(b) < apart(a) ? b : a);
      found.push({ row, relative });
    }
  }
  return found;
}
