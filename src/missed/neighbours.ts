import type { AssetTable } from "./asset_table.ts";

/** Why somebody may be on an asset: somebody is on those that were taken just before or after. */
export interface Neighbourhood {
  readonly row: number;
  /** The nearest in time that shows somebody. */
  readonly nearest: number;
  /** When the asset was taken, as seen from there, in milliseconds: later is positive. */
  readonly distance: number;
  /** How many of those around it show somebody, and how many there are. */
  readonly shown: number;
  readonly of: number;
  /** 0 to 1; what is likelier to show somebody has more. */
  readonly strength: number;
}

/** So many are looked at on each side: more of a row say nothing new. */
export const MOST_ON_A_SIDE = 12;
/** At this distance a neighbour says half as much as one of the same moment, in milliseconds. */
const HALF_LIFE_MS = 2000;
/** How much is to be said before it is believed: a lone neighbour is no row. */
const DOUBT = 0.5;

/**
 * The candidates with somebody on an asset taken at most so long before or after.
 *
 * The strength is the share of the neighbours that show somebody, each counted by its nearness in
 * time, with some doubt added: so the middle of a burst of portraits has about 0.8, a lone
 * portrait ten seconds away 0.25. A picture in a row of many without anybody (a panorama between
 * two portraits, a tripod that somebody has walked past) has less, because its next neighbours
 * show nobody. Only counting would put those above the lone second of two pictures.
 *
 * One pass over time. Where `MOST_ON_A_SIDE` others, before and after together, have the very same
 * time, that is no moment but a date without a time, as scans and downloads have it, and says
 * nothing.
 *
 * @param inTime the rows by capture time
 * @param isOtherCamera whether two rows are known to be of different cameras
 */
export function* findNeighbours(
  table: AssetTable,
  inTime: Uint32Array,
  withinMs: number,
  isOtherCamera?: (a: number, b: number) => boolean,
): Iterable<Neighbourhood> {
  for (const [place, row] of inTime.entries()) {
    if (!table.isCandidate(row)) continue;
    const neighbourhood = lookAround(table, inTime, place, withinMs, isOtherCamera);
    if (neighbourhood !== undefined) yield neighbourhood;
  }
}

/**
 * The strongest of them, and how many others there are: of a million assets a tenth may have
 * neighbours, who would take more memory than all that is known of the assets.
 *
 * @param supported rows with another reason: these all stay, and are not counted
 */
export function takeStrongest(
  all: Iterable<Neighbourhood>,
  supported: ReadonlySet<number>,
  most: number,
): { readonly neighbours: Neighbourhood[]; readonly weakNeighbours: number } {
  const supporting: Neighbourhood[] = [];
  const strong: Neighbourhood[] = [];
  let weakNeighbours = 0;
  const trim = () => {
    strong.sort((a, b) => b.strength - a.strength);
    weakNeighbours += strong.splice(most).length;
  };
  for (const neighbourhood of all) {
    if (supported.has(neighbourhood.row)) supporting.push(neighbourhood);
    else strong.push(neighbourhood);
    if (strong.length >= 2 * most) trim();
  }
  trim();
  return { neighbours: [...strong, ...supporting], weakNeighbours };
}

/** The same for one of them, by its place in time. */
export function lookAround(
  table: AssetTable,
  inTime: Uint32Array,
  place: number,
  withinMs: number,
  isOtherCamera: (a: number, b: number) => boolean = () => false,
): Neighbourhood | undefined {
  const row = inTime[place];
  if (row === undefined) return undefined;
  const takenAt = table.takenAt(row);
  let nearest: number | undefined;
  let distance = Infinity;
  let atOnce = 0, shown = 0, of = 0, weightShown = 0, weight = 0;
  for (const direction of [-1, 1]) {
    for (let step = 1; step <= MOST_ON_A_SIDE; step++) {
      const other = inTime[place + direction * step];
      if (other === undefined) break;
      const apart = takenAt - table.takenAt(other);
      if (Math.abs(apart) > withinMs) break;
      if (apart === 0 && ++atOnce === MOST_ON_A_SIDE) return undefined;
      if (isOtherCamera(row, other)) continue;
      const says = 1 / (1 + Math.abs(apart) / HALF_LIFE_MS);
      of++;
      weight += says;
      if (!table.showsSomebody(other)) continue;
      shown++;
      weightShown += says;
      if (Math.abs(apart) >= Math.abs(distance)) continue;
      nearest = other;
      distance = apart;
    }
  }
  if (nearest === undefined) return undefined;
  return { row, nearest, distance, shown, of, strength: weightShown / (weight + DOUBT) };
}
