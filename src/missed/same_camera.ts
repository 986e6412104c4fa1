import { countCameraModels, readCameras } from "../immich/cameras.ts";
import type { AssetTable } from "./asset_table.ts";
import { type Aside, askAside, askForEach, type LookInput } from "./aside.ts";
import { type Finds, rank } from "./candidates.ts";
import { lookAround, MOST_ON_A_SIDE } from "./neighbours.ts";

/** How often the place of candidates that turned out to be none is filled with the next ones. */
const CAMERA_ROUNDS = 3;
/** So many of them are looked at ahead, once there have been other cameras. */
const AHEAD = 100;

/** So many neighbours are enough for all rounds, however many turn out to be none. */
export function mostNeighbours(limit: number): number {
  return CAMERA_ROUNDS * (limit + AHEAD);
}

/**
 * Drops neighbours of another camera, where both cameras are known. Asks for the best candidates
 * only, and for those that take the place of dropped ones.
 */
export async function compareCameras(
  { aside, withinMs, limit, reader }: LookInput,
  table: AssetTable,
  inTime: Uint32Array,
  found: Finds,
): Promise<Finds> {
  if (found.neighbours.length === 0 || !await hasSeveralCameras(aside)) return found;
  let finds = found;
  const cameras = new Map<string, string>();
  const compared = new Set<number>();
  const isOtherCamera = (a: number, b: number) => {
    const [one, other] = [cameras.get(table.id(a)), cameras.get(table.id(b))];
    return one !== undefined && other !== undefined && one !== other;
  };
  for (let round = 0; round < CAMERA_ROUNDS; round++) {
    const rows = new Set(
      rank(table, finds).slice(0, round === 0 ? limit : limit + AHEAD)
        .filter(({ row, evidence }) => evidence.reason === "neighbour" && !compared.has(row))
        .map(({ row }) => row),
    );
    if (rows.size === 0) return finds;
    reader.onProgress?.({ step: "Comparing cameras" });
    const places = [...inTime.keys().filter((place) => rows.has(inTime[place] ?? -1))];
    const bridge = aside.server.structuredSearch ? 0 : WORTH_BRIDGING;
    const stretches = stretchesAround(table, inTime, places, withinMs, bridge);
    const notesBefore = aside.notes.length;
    const asked = await askForCameras(aside, table, inTime, stretches);
    for (const [id, camera] of asked) cameras.set(id, camera);
    for (const row of rows) compared.add(row);
    const changed = new Map(
      places.map((place) => [
        inTime[place],
        lookAround(table, inTime, place, withinMs, isOtherCamera),
      ]),
    );
    finds = {
      ...finds,
      neighbours: finds.neighbours.flatMap((find) =>
        changed.has(find.row) ? changed.get(find.row) ?? [] : find
      ),
    };
    if (aside.notes.length > notesBefore) return finds;
  }
  return finds;
}

/** A stretch of rows in time, both ends included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/**
 * So many assets between two that are asked for cost less than another question: 50 µs each against
 * 60 ms. Where one question can ask for many stretches, there is nothing to be bridged.
 */
const WORTH_BRIDGING = 500;
/** What one question can answer is 1,000; partners' assets come along. */
const MOST_ASSETS = 700;
/** More stretches do not fit well into one question. */
const MOST_RANGES = 100;

/**
 * The stretches of time in which some assets and their neighbours lie.
 *
 * @param places of the assets in the order of time, ascending
 */
function stretchesAround(
  table: AssetTable,
  inTime: Uint32Array,
  places: readonly number[],
  withinMs: number,
  worthBridging: number,
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
      before !== undefined && first - before.last <= worthBridging &&
      last - before.first < MOST_ASSETS
    ) before.last = Math.max(before.last, last);
    else stretches.push({ first, last });
  }
  return stretches;
}

function timeOf(table: AssetTable, inTime: Uint32Array, a: number, b: number): number {
  return Math.abs(table.takenAt(inTime[a] ?? 0) - table.takenAt(inTime[b] ?? 0));
}

/** Whether there is anything to compare; one question spares hundreds where all have one camera. */
async function hasSeveralCameras(aside: Aside): Promise<boolean> {
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
async function askForCameras(
  aside: Aside,
  table: AssetTable,
  inTime: Uint32Array,
  stretches: readonly Stretch[],
): Promise<Map<string, string>> {
  const cameras = new Map<string, string>();
  const { http, server } = aside;
  const ranges = stretches.map(({ first, last }) => ({
    from: table.takenAt(inTime[first] ?? 0),
    to: table.takenAt(inTime[last] ?? 0),
    assets: last - first + 1,
  }));
  const questions = server.structuredSearch ? inGroups(ranges) : ranges.map((range) => [range]);
  await askForEach(aside, "Cameras were not compared", questions, async (ranges, signal) => {
    const found = await readCameras(http, server, ranges, signal);
    for (const [id, camera] of found) cameras.set(id, camera);
  });
  return cameras;
}

/** As many in each as one question can ask and answer. */
function inGroups<T extends { assets: number }>(ranges: readonly T[]): T[][] {
  const groups: T[][] = [];
  let assets = 0;
  for (const range of ranges) {
    const group = groups.at(-1);
    if (
      group === undefined || group.length === MOST_RANGES || assets + range.assets > MOST_ASSETS
    ) {
      groups.push([range]);
      assets = 0;
    } else group.push(range);
    assets += range.assets;
  }
  return groups;
}
