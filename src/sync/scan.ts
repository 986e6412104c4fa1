import { type Album, readAlbum } from "../immich/albums.ts";
import { countByMonth } from "../immich/counts.ts";
import { ImmichError, untrustedList } from "../immich/immich_error.ts";
import type { Asset } from "../immich/asset.ts";
import { listAssets } from "../immich/search.ts";
import type { AssetQuery, StructuredQuery } from "../immich/search_page.ts";
import { divideTime, type TimeRange } from "../immich/time_range.ts";
import type { Findings } from "./plan.ts";
import { readAll, type Reader } from "./read_all.ts";
import { isFaceless } from "./rule.ts";
import { AlbumTally, findingsOf, LibraryTally, type TallyInput } from "./tally.ts";

/** What has to be known to find out what to change. */
export interface SearchInput extends Reader, TallyInput {
  /** Undefined while the album is still to be created. */
  readonly album: Album | undefined;
}

/** Windows read at once may take different times: with so many for each, nobody waits for long. */
const RANGES_PER_REQUEST = 3;
/** Lists shorter than this are not worth dividing. */
const MIN_ASSETS_IN_RANGE = 4000;

/**
 * Lists the album, then the library, and keeps only ids: of the album all of them, of the library
 * those that are missing in it. Any server can be asked this way.
 *
 * @throws ImmichError when a listing failed or can't be trusted
 */
export async function scan(input: SearchInput): Promise<Findings> {
  const album = new AlbumTally(input);
  if (input.album !== undefined) await scanAlbum(input, input.album, album);
  const assetCount = await trustedCount(input, album.counted);
  const library = new LibraryTally(input, album.members);
  await scanLibrary(input, library);
  return findingsOf(input, album, library, assetCount);
}

async function scanAlbum(input: SearchInput, album: Album, tally: AlbumTally): Promise<void> {
  const albumId = album.id;
  input.onProgress?.({ step: "Reading the album", total: album.assetCount });
  const look = (asset: Asset) => tally.look(asset);
  const isLong = album.assetCount >= 2 * MIN_ASSETS_IN_RANGE;
  await readAll(input, [
    {
      query: { albumId, visibility: "timeline" },
      look,
      ...isLong ? { ranges: await divide(input, albumId) } : {},
    },
    { query: { albumId, visibility: "archive" }, look },
    // The motion parts of live photos, which older programs put into albums.
    { query: { albumId, visibility: "hidden" }, look },
  ]);
  if (asksForFaces(input)) await findFaces(input, albumId, tally);
}

async function scanLibrary(input: SearchInput, tally: LibraryTally): Promise<void> {
  const look = (asset: Asset) => tally.look(asset);
  input.onProgress?.({ step: "Reading the library" });
  const ranges = await divide(input);
  if (asksForFaces(input)) {
    await readAll(input, [{ query: facesQuery(input, false), ranges, look }]);
    tally.anyPeople = await anyFaces(input);
    return;
  }
  const archive: AssetQuery[] = input.scope.includeArchived ? [{ visibility: "archive" }] : [];
  await readAll(input, [
    { query: { visibility: "timeline" }, ranges, look },
    ...archive.map((query) => ({ query, look })),
  ]);
}

/**
 * A flat search does not show faces without a person: the assets that have one are asked for. Since
 * their answers look like those of assets without, the opposite is asked too, and a server that
 * gives an asset both times has not understood the question; or the asset has changed meanwhile,
 * which asking again tells.
 */
async function findFaces(
  input: SearchInput,
  albumId: string,
  tally: AlbumTally,
): Promise<void> {
  let faces = await facesInAlbum(input, albumId);
  if (faces.contradiction !== undefined) faces = await facesInAlbum(input, albumId);
  if (faces.contradiction !== undefined) {
    throw untrustedList(`asset ${faces.contradiction.id} is said to have a face, and to have none`);
  }
  for (const asset of faces.found) tally.markUnfit(asset);
}

async function facesInAlbum(
  input: SearchInput,
  albumId: string,
): Promise<{ found: readonly Asset[]; contradiction: Asset | undefined }> {
  const without = new Set<string>();
  const found: Asset[] = [];
  await readAll(input, [
    { query: facesQuery(input, false, albumId), look: ({ id }) => void without.add(id) },
    {
      query: facesQuery(input, true, albumId),
      look: (asset) => {
        if (asset.people.length === 0) found.push(asset);
      },
    },
  ]);
  return { found, contradiction: found.find(({ id }) => without.has(id)) };
}

/**
 * How many assets the album has by its own count, which must not be less than was listed: a server
 * that ignores `albumIds` lists the whole library. The count is asked again before it is held
 * against the list, since the album may have grown meanwhile.
 */
async function trustedCount({ http, album }: SearchInput, listed: number): Promise<number> {
  if (album === undefined) return listed;
  if (album.assetCount >= listed) return album.assetCount;
  const { assetCount } = await readAlbum(http, album.id);
  if (assetCount >= listed) return assetCount;
  throw untrustedList(`${listed} assets are listed for an album of ${assetCount}`);
}

/**
 * Ranges of time with about the same number of assets, of the library or of an album. Only for
 * balance: whatever goes wrong with it, one range is as right.
 */
export async function divide(
  { http, concurrency, onProgress }: Reader,
  albumId?: string,
): Promise<TimeRange[]> {
  if (concurrency === 1) return divideTime([], 1);
  try {
    const months = await countByMonth(http, albumId);
    const total = months.reduce((sum, { count }) => sum + count, 0);
    if (albumId === undefined) onProgress?.({ total });
    const parts = Math.min(
      concurrency * RANGES_PER_REQUEST,
      Math.max(1, Math.floor(total / MIN_ASSETS_IN_RANGE)),
    );
    return divideTime(months, parts);
  } catch (error) {
    if (!(error instanceof ImmichError)) throw error;
    return divideTime([], 1);
  }
}

/** Whether faces without a person count and only the structured search of 3.2 can tell. */
function asksForFaces({ scope, server }: SearchInput): boolean {
  return scope.rule.kind === "no-faces" && server.structuredSearch;
}

/** Assets that are shown and have (or don't have) a face, in an album or in the library. */
function facesQuery({ scope }: SearchInput, faces: boolean, albumId?: string): StructuredQuery {
  const shown = scope.includeArchived ? ["timeline", "archive"] as const : ["timeline"] as const;
  return {
    filter: {
      visibility: { in: shown },
      hasPeople: { eq: faces },
      ...(albumId === undefined ? {} : { albumIds: { any: [albumId] } }),
    },
    violation: (asset) => {
      if (!shown.some((visibility) => visibility === asset.visibility)) {
        return `is in "${asset.visibility}"`;
      }
      return faces || isFaceless(asset, scope.rule) ? undefined : "shows people";
    },
  };
}

async function anyFaces(input: SearchInput): Promise<boolean> {
  const { http, server } = input;
  for await (const page of listAssets(http, server, facesQuery(input, true))) {
    return page.length > 0;
  }
  return false;
}
