import type { Album } from "../immich/albums.ts";
import { hasSmartSearch, searchSmart } from "../immich/smart_search.ts";
import { readStacks } from "../immich/stacks.ts";
import { anyFaceCounts } from "../sync/rule.ts";
import { askAside, type LookInput, mostAsked } from "./aside.ts";
import type { AssetTable } from "./asset_table.ts";
import { countReasons, type Finds, rank, type Reason } from "./candidates.ts";
import { describe, type FoundCandidate } from "./missed_document.ts";
import { findNeighbours, takeStrongest } from "./neighbours.ts";
import { type LibraryInput, mayBeMissed, OwnLibrary, readLibrary } from "./own_library.ts";
import { findRelatives } from "./relatives.ts";
import { compareCameras, mostNeighbours } from "./same_camera.ts";
import { takeAlike } from "./smart_cutoff.ts";
import { askForUnassigned, facesOf, lookAtFaces } from "./unassigned_faces.ts";

export interface MissedInput extends LibraryInput, LookInput {
  readonly reader: LibraryInput["reader"];
  /** Undefined while it is still to be created: smart search looks only into the album. */
  readonly album: Album | undefined;
  /** What smart search is asked for. */
  readonly query: string;
  /** Base of the addresses of assets. */
  readonly serverUrl: string;
}

/** What was found, without the table of all assets, which nobody needs any more. */
export interface Found {
  /** The best, best first; at most as many as were wanted. */
  readonly candidates: readonly FoundCandidate[];
  /** How many there are in all. */
  readonly counts: Readonly<Record<Reason, number>>;
}

/** Smart search that has not answered by then is down, in milliseconds: it usually takes 1 s. */
const MOST_SMART_MS = 20_000;

/**
 * Looks for assets that the rule takes for faceless and that show somebody all the same. The
 * listing of the library is the only thing that must not fail; what is asked beside it is noted
 * when it does. Asks only, changes nothing.
 *
 * @throws ImmichError when the listing failed; the reason of the stop signal when told to stop
 */
export async function findMissed(input: MissedInput): Promise<Found> {
  const library = new OwnLibrary(input);
  const [asked] = await Promise.all([askBeside(input), readLibrary(input, library)]);
  const { table } = library;
  const inTime = table.inTime();
  for (const row of table.find(asked.unassigned).values()) {
    library.faces.set(row, { count: undefined, boxes: [] });
  }
  const rowsOf = (ids: readonly string[], rows: ReadonlyMap<string, number>) =>
    ids.flatMap((id) => rows.get(id) ?? []);
  const stacked = table.find(asked.stacks.flat());
  const near = table.find([...asked.nearInAlbum, ...asked.nearInLibrary]);
  return await takeBest(input, table, inTime, {
    faces: facesOf(library.faces).filter(({ row }) => table.isCandidate(row)),
    duplicates: findRelatives(table, library.duplicates),
    stacks: findRelatives(table, asked.stacks.map((ids) => rowsOf(ids, stacked))),
    alike: takeAlike(table, rowsOf(asked.nearInAlbum, near), rowsOf(asked.nearInLibrary, near)),
  });
}

/**
 * The best of what was found and of neighbours, once those have been looked at more closely.
 *
 * @param inTime the rows by capture time
 * @param others what was found besides neighbours
 */
export async function takeBest(
  input: LookInput & Pick<MissedInput, "query" | "serverUrl">,
  table: AssetTable,
  inTime: Uint32Array,
  others: Omit<Finds, "neighbours" | "weakNeighbours">,
): Promise<Found> {
  const supported = new Set(Object.values(others).flatMap((found) => found.map(({ row }) => row)));
  const near = findNeighbours(table, inTime, input.withinMs);
  const found = { ...others, ...takeStrongest(near, supported, mostNeighbours(input.limit)) };
  const most = mostAsked(input.aside.server, table.size);
  const forCameras = most - shareOfFaces(most, input, found);
  const { finds, asked } = await compareCameras(input, table, inTime, found, forCameras);
  const best = rank(table, finds).slice(0, input.limit);
  const faces = await lookAtFaces(input, table, best, found.faces, most - asked);
  const all = rank(table, { ...finds, faces });
  const rows = new Set(best.map(({ row }) => row));
  const candidates = all.filter(({ row }) => rows.has(row));
  return {
    candidates: describe(table, candidates, input.serverUrl, input.query),
    counts: countReasons(all, finds),
  };
}

/**
 * What is left for faces of what may be asked asset by asset: a quarter, if there may be so many. In
 * the made-up libraries cameras are worth more: with half for faces 61 % of the first 200 are right
 * on 3.0 and 3.1, with a quarter 71 %.
 */
function shareOfFaces(most: number, { aside: { server } }: LookInput, { faces }: Finds): number {
  if (server.unassignedFaces) return 0;
  return Math.min(Math.floor(most / 4), server.structuredSearch ? faces.length : Infinity);
}

/** What is asked while the library is read, one after the other: the server has enough to do. */
async function askBeside(input: MissedInput) {
  const { aside, album, ownUserId, scope } = input;
  // What has a face is no candidate where any face counts.
  const mayHaveFaces = ownUserId !== undefined && !anyFaceCounts(scope.rule, true);
  const unassigned = mayHaveFaces && aside.server.structuredSearch
    ? await askForUnassigned(aside, {
      includeArchived: scope.includeArchived,
      albumId: album?.id,
      isCandidate: (asset) => mayBeMissed(input, asset),
    })
    : [];
  const stacks = await askAside(
    aside,
    "Stacks were not looked at",
    (signal) => readStacks(aside.http, signal),
  );
  return { unassigned, stacks: stacks ?? [], ...await askSmart(input) };
}

/** The album's assets and all, nearest to the query first; nothing, with a note, without it. */
async function askSmart({ aside, album, query }: MissedInput) {
  const { http, server, notes } = aside;
  const nothing = { nearInAlbum: [], nearInLibrary: [] };
  if (album === undefined) {
    notes.push("Smart search was not used: there is no album yet for it to search.");
    return nothing;
  }
  const what = "Smart search was not used";
  const search = (albumId?: string) =>
    askAside(
      aside,
      what,
      (signal) => searchSmart(http, server, query, albumId, signal),
      MOST_SMART_MS,
    );
  const isOn = await askAside(aside, what, (signal) => hasSmartSearch(http, signal));
  if (isOn === false) notes.push(`${what}: it is switched off on this server.`);
  if (isOn !== true) return nothing;
  const nearInAlbum = await search(album.id);
  const nearInLibrary = nearInAlbum === undefined ? undefined : await search();
  return nearInLibrary === undefined ? nothing : { nearInAlbum: nearInAlbum ?? [], nearInLibrary };
}
