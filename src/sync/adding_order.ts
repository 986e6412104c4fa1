import { type Ids, IdSet } from "../immich/id_set.ts";

// Assets are added in an order of their ids that has nothing to do with the assets. So a sync that
// was cut short is known by what it left: all that is missing comes after what is in the album.

/** More assets than any list has. */
const MAX_IDS = 2 ** 24;

/** The ids in the order in which they are to be added; each becomes a string when it is its turn. */
export function* inAddingOrder(ids: Ids): Generator<string> {
  const set = ids instanceof IdSet ? ids : new IdSet(ids);
  const keys = new Float64Array(set.size);
  for (let index = 0; index < keys.length; index++) {
    keys[index] = rankOf(set.at(index)) * MAX_IDS + index;
  }
  for (const key of keys.sort()) yield set.at(key % MAX_IDS);
}

/**
 * Whether the ids to add are what a sync that was cut short has left to do: most members come before
 * all but a few of them. Some ids may have been uploaded since, some members be older or added by
 * hand. When face recognition was reset, they are as mixed as the members are, of which a quarter
 * comes before the last three quarters to add then.
 *
 * @param members undefined when they are not known
 */
export function isRest(add: Ids, members: Ids | undefined): boolean {
  if (members === undefined) return false;
  const ranks = new Float64Array(add.size);
  let filled = 0;
  for (const id of add) ranks[filled++] = rankOf(id);
  const quartile = ranks.sort()[Math.floor(ranks.length / 4)] ?? 0;
  let before = 0;
  for (const id of members) if (rankOf(id) < quartile) before++;
  return 2 * before > members.size;
}

/** A number below 2 ** 28 (FNV-1a): ids themselves may be in the order of upload. */
function rankOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 4;
}
