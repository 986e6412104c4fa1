import { countCameraModels, readCameras } from "../immich/cameras.ts";
import type { AssetTable } from "./asset_table.ts";
import { type Aside, askAside, forEach } from "./aside.ts";
import { MOST_ON_A_SIDE } from "./neighbours.ts";

/** A stretch of rows in time, both ends included. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** So many assets between two that are asked for cost less than another question. */
const WORTH_BRIDGING = 100;
/** What one question can answer is 1,000; partners' assets come along. */
const MOST_IN_STRETCH = 700;

/**
 * The stretches of time in which some assets and their neighbours lie.
 *
 * @param places of the assets in the order of time, ascending
 */
export function stretchesAround(
  table: AssetTable,
  inTime: Uint32Array,
  places: readonly number[],
  withinMs: number,
): Stretch[] {
  const stretches: { first: number; last: number }[] = [];
  for (const place of places) {
    const reach = (direction: 1 | -1) => {
      let end = place;
      for (let step = 1; step <= MOST_ON_A_SIDE; step++) {
        const next = place + direction * step;
        if (next < 0 || next >= inTime.length) break;
        if (timeOf(table, inTime, next, place) > withinMs) break;
        end = next;
      }
      return end;
    };
    const [first, last] = [reach(-1), reach(1)];
    const before = stretches.at(-1);
    if (
      before !== undefined && first - before.last <= WORTH_BRIDGING &&
      last - before.first < MOST_IN_STRETCH
    ) before.last = Math.max(before.last, last);
    else stretches.push({ first, last });
  }
  return stretches;
}

function timeOf(table: AssetTable, inTime: Uint32Array, a: number, b: number): number {
  return Math.abs(table.takenAt(inTime[a] ?? 0) - table.takenAt(inTime[b] ?? 0));
}

/** Whether there is anything to compare; one question spares hundreds where all have one camera. */
export async function hasSeveralCameras(aside: Aside): Promise<boolean> {
  const models = await askAside(
    aside,
    "Cameras were not compared",
    (signal) => countCameraModels(aside.http, signal),
  );
  return models !== undefined && models > 1;
}

/**
 * With which cameras the assets were taken, by asset id, those of the neighbours included; without
 * those of which no camera is known, or could be asked for.
 */
export async function askForCameras(
  aside: Aside,
  table: AssetTable,
  inTime: Uint32Array,
  stretches: readonly Stretch[],
): Promise<Map<string, string>> {
  const cameras = new Map<string, string>();
  await askAside(
    aside,
    "Cameras were not compared",
    (signal) =>
      forEach(stretches, async ({ first, last }) => {
        const range = {
          from: table.takenAt(inTime[first] ?? 0),
          to: table.takenAt(inTime[last] ?? 0),
        };
        const found = await readCameras(aside.http, aside.server, range, signal);
        for (const [id, camera] of found) cameras.set(id, camera);
      }),
  );
  return cameras;
}
