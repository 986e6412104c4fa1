import type { Reader } from "../immich/read_all.ts";
import type { Aside } from "./aside.ts";
import type { AssetTable } from "./asset_table.ts";
import {
  type Box,
  type Candidate,
  countReasons,
  type FaceFind,
  type Finds,
  rank,
  type Reason,
} from "./candidates.ts";
import { lookAround } from "./neighbours.ts";
import { askForCameras, hasSeveralCameras, stretchesAround } from "./same_camera.ts";
import { askForBoxes } from "./unassigned_faces.ts";

/** What was found. */
export interface Missed {
  readonly table: AssetTable;
  /** The best, best first; at most as many as were wanted. */
  readonly candidates: readonly Candidate[];
  /** How many there are in all. */
  readonly counts: Readonly<Record<Reason, number>>;
}

export interface LookInput {
  readonly aside: Aside;
  readonly reader: Pick<Reader, "onProgress">;
  /** How far apart neighbours may be, in milliseconds. */
  readonly withinMs: number;
  /** How many candidates are wanted. */
  readonly limit: number;
}

/** How often the place of candidates that turned out to be none is filled with the next ones. */
const CAMERA_ROUNDS = 3;
/** So many of them are looked at ahead, once there have been other cameras. */
const AHEAD = 100;

/** So many neighbours are enough for all rounds, however many turn out to be none. */
export function mostNeighbours(limit: number): number {
  return CAMERA_ROUNDS * (limit + AHEAD);
}

/** The best of what was found, once those have been looked at more closely. */
export async function takeBest(
  input: LookInput,
  table: AssetTable,
  inTime: Uint32Array,
  found: Finds,
): Promise<Missed> {
  const { limit } = input;
  const withCameras = await compareCameras(input, table, inTime, found);
  const ranked = rank(table, withCameras);
  const best = new Set(ranked.slice(0, limit).map(({ row }) => row));
  const finds = { ...withCameras, faces: await lookAtFaces(input, table, ranked, found.faces) };
  const candidates = rank(table, finds);
  return {
    table,
    candidates: candidates.filter(({ row }) => best.has(row)),
    counts: countReasons(candidates, finds),
  };
}

/**
 * Drops neighbours of another camera, where both cameras are known. Asks for the best candidates
 * only, and for those that take the place of dropped ones.
 */
async function compareCameras(
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
    const places = inTime.entries().filter(([, row]) => rows.has(row)).map(([place]) => place);
    const stretches = stretchesAround(table, inTime, [...places], withinMs);
    const notesBefore = aside.notes.length;
    const asked = await askForCameras(aside, table, inTime, stretches);
    for (const [id, camera] of asked) cameras.set(id, camera);
    for (const row of rows) compared.add(row);
    const changed = new Map(
      inTime.entries().filter(([, row]) => rows.has(row))
        .map(([place, row]) => [
          row,
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

/**
 * Faces of nobody on the best candidates, where they can only be asked for one by one. From 3.2 on
 * it is known which assets have one, only not where; 3.0 and 3.1 tell neither.
 */
async function lookAtFaces(
  { aside, limit, reader }: LookInput,
  table: AssetTable,
  ranked: readonly Candidate[],
  known: readonly FaceFind[],
): Promise<readonly FaceFind[]> {
  const { server, notes } = aside;
  if (server.unassignedFaces) return known;
  const best = ranked.slice(0, limit);
  const wanted = server.structuredSearch
    ? best.filter(({ evidence }) => evidence.reason === "face")
    : best;
  if (wanted.length === 0) return known;
  reader.onProgress?.({ step: "Looking for faces" });
  const what = server.structuredSearch
    ? "The places of faces are not shown"
    : "Faces that belong to nobody were not asked for";
  const rowOf = new Map(wanted.map(({ row }) => [table.id(row), row]));
  const noted = notes.length;
  const boxes = await askForBoxes(aside, [...rowOf.keys()], what);
  if (!server.structuredSearch && notes.length === noted) {
    notes.push(
      `Immich ${server.version} tells of faces that belong to nobody only asset by asset: ` +
        `those of the ${wanted.length} candidates shown were asked for, others were not.`,
    );
  }
  const all = new Map(known.map(({ row, boxes }) => [row, boxes]));
  for (const [id, found] of boxes) {
    const row = rowOf.get(id);
    if (row !== undefined) all.set(row, found);
  }
  return facesOf(all);
}

export function facesOf(boxes: ReadonlyMap<number, readonly Box[]>): FaceFind[] {
  return [...boxes].map(([row, boxes]) => ({ row, boxes }));
}
