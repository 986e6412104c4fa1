import type { LazyWorld } from "./lazy_world.ts";
import type { Selection } from "./selection.ts";

/** The index at a step of a walk through a selection's range, found or not. */
export type Walk = (step: number) => number;

/**
 * Walks in the order of the generation. 2.x promises no order among equal times: with `shuffle`
 * every walk begins such a run elsewhere.
 */
export function walkInOrder(
  { library, random }: LazyWorld,
  { start, end }: Selection,
  { order, shuffle }: { order: "asc" | "desc"; shuffle: boolean },
): Walk {
  const inOrder: Walk = (step) => order === "asc" ? start + step : end - 1 - step;
  if (!shuffle) return inOrder;
  const { takenAt } = library;
  const turn = Math.floor(random() * 1000);
  return (step) => {
    const index = inOrder(step);
    let first = index, last = index;
    while (first > start && takenAt[first - 1] === takenAt[index]) first--;
    while (last + 1 < end && takenAt[last + 1] === takenAt[index]) last++;
    return first + (index - first + turn) % (last - first + 1);
  };
}

/** One page of what is found. */
export interface PageOfIndexes {
  readonly indexes: number[];
  readonly hasMore: boolean;
  /** Found before the page. */
  readonly skipped: number;
  /** Looked at for it, found or not. */
  readonly walked: number;
}

export function pageOf(
  walk: Walk,
  { start, end, passes }: Selection,
  offset: number,
  size: number,
): PageOfIndexes {
  const indexes: number[] = [];
  let skipped = 0;
  for (let step = 0; step < end - start; step++) {
    const index = walk(step);
    if (!passes(index)) continue;
    if (skipped < offset) skipped++;
    else if (indexes.length < size) indexes.push(index);
    else return { indexes, hasMore: true, skipped, walked: step + 1 };
  }
  return { indexes, hasMore: false, skipped, walked: end - start };
}

export function countOf({ start, end, passes }: Selection): number {
  let count = 0;
  for (let index = start; index < end; index++) if (passes(index)) count++;
  return count;
}
