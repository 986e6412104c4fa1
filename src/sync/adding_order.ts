import type { Ids } from "../immich/id_set.ts";

// Assets are added in an order of their ids that has nothing to do with the assets. So a sync that
// was cut short is known by what it left: all that is missing comes after what is in the album.

/** More assets than any list has. */
const MAX_IDS = 2 ** 24;

/** The ids in the order in which they are to be added. */
export function inAddingOrder(ids: readonly string[]): string[] {
  const keys = Float64Array.from(ids, (id, index) => rankOf(id) * MAX_IDS + index).sort();
  return Array.from(keys, (key) => ids[key % MAX_IDS] ?? "");
}

/**
 * Whether the ids to add are what a sync that was cut short has left to do. Some may have been
 * uploaded since. When face recognition was reset, they are as mixed as the members are.
 */
export function isRest(add: readonly string[], members: Ids | undefined): boolean {
  if (members === undefined) return false;
  let last = -1;
  for (const id of members) last = Math.max(last, rankOf(id));
  return 2 * add.filter((id) => rankOf(id) < last).length < add.length;
}

/** A number below 2 ** 28 (FNV-1a): ids themselves may be in the order of upload. */
function rankOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 4;
}
