import type { AssetTable } from "./asset_table.ts";

/** An asset that smart search finds near to the query. */
export interface Likeness {
  readonly row: number;
  /** Its place among the candidates in the album, nearest to the query first, from 1. */
  readonly rank: number;
  /** Which share of those next to it in that order of the whole library show somebody, 0 to 1. */
  readonly around: number;
}

/** More are not taken from smart search, which finds an order in everything. */
const MOST_ALIKE = 200;
/** So many before and after an asset are looked at. */
const AROUND = 15;
/** Below this share those around an asset are no people any more. */
const ENOUGH = 0.5;

/**
 * How far the list of candidates is of use. Smart search knows no score, only an order, and lists
 * everything. The same question for the whole library tells what a place in that order is worth:
 * as long as most of those around it do show people, a picture among them without people is one
 * that was missed; further down there are none to miss.
 *
 * @param candidates rows in the order of the answer for the album
 * @param library rows in the order of the answer for all assets; those not listed are missing
 */
export function takeAlike(
  table: AssetTable,
  candidates: readonly number[],
  library: readonly number[],
): Likeness[] {
  const places = new Map(library.map((row, place) => [row, place]));
  const taken: Likeness[] = [];
  for (const row of candidates) {
    const place = places.get(row);
    // What the answer for all does not go down to is further down.
    if (place === undefined || taken.length === MOST_ALIKE) break;
    if (!table.isCandidate(row)) continue;
    const others = library.slice(Math.max(0, place - AROUND), place + AROUND + 1)
      .filter((other) => other !== row);
    const showing = others.filter((other) => table.showsSomebody(other));
    const around = others.length === 0 ? 0 : showing.length / others.length;
    if (around < ENOUGH) break;
    taken.push({ row, rank: taken.length + 1, around });
  }
  return taken;
}
