import { readAlbum } from "../immich/albums.ts";
import { countByMonth } from "../immich/counts.ts";
import { ImmichError, untrustedList } from "../immich/immich_error.ts";
import type { Asset } from "../immich/asset.ts";
import { readAll, type Reader } from "../immich/read_all.ts";
import { type AssetQuery, shownQuery, type StructuredQuery } from "../immich/search_page.ts";
import { rangesFor, type TimeRange } from "../immich/time_range.ts";
import type { Logger } from "../system/log.ts";
import { readMembers } from "./members.ts";
import type { Findings, SearchInput } from "./findings.ts";
import { anyFaceCounts } from "./rule.ts";
import { AlbumTally, findingsOf, LibraryTally } from "./scan_tally.ts";

/**
 * Reads the members of the album, then the library, and keeps only ids: of the album all of them,
 * of the library those that differ. Any server can be asked this way.
 *
 * @throws ImmichError when a listing failed or can't be trusted
 */
export async function scan(input: SearchInput, log: Logger): Promise<Findings> {
  const album = input.album === undefined
    ? new AlbumTally(input)
    : await readMembers({ ...input, log }, input.album);
  const assetCount = await trustedCount(input, album.counted);
  const library = new LibraryTally(input, album.members);
  await readLibrary(input, library);
  return findingsOf(input, album, library, assetCount);
}

async function readLibrary(input: SearchInput, tally: LibraryTally): Promise<void> {
  input.onProgress?.({ step: "Reading the library" });
  const ranges = await divide(input);
  if (asksForFaces(input)) {
    await readAll(
      input,
      [false, true].map((faced) => ({
        query: facesQuery(input, faced),
        ranges,
        look: (assets) => tally.look(assets, faced),
      })),
    );
    return;
  }
  const look = (assets: readonly Asset[]) => tally.look(assets);
  const archive: AssetQuery[] = input.scope.includeArchived ? [{ visibility: "archive" }] : [];
  await readAll(input, [
    { query: { visibility: "timeline" }, ranges, look },
    ...archive.map((query) => ({ query, look })),
  ]);
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
 * Ranges of time with about the same number of assets of the library. Only for balance: whatever
 * goes wrong with it, one range is as right.
 */
export async function divide({ http, concurrency, onProgress }: Reader): Promise<TimeRange[]> {
  if (concurrency === 1) return rangesFor([], 1);
  try {
    const months = await countByMonth(http);
    onProgress?.({ total: months.reduce((sum, { count }) => sum + count, 0) });
    return rangesFor(months, concurrency);
  } catch (error) {
    if (!(error instanceof ImmichError)) throw error;
    return rangesFor([], 1);
  }
}

/** Whether a face counts that no answer shows, and the structured search can tell. */
function asksForFaces({ scope: { rule }, server, includePartners }: SearchInput): boolean {
  if (!server.structuredSearch) return false;
  return anyFaceCounts(rule, true) || (includePartners && anyFaceCounts(rule, false));
}

/**
 * Assets of the library that are shown and have (or don't have) a face. Their answers look alike, so
 * both are asked: a server that gives an asset both times has not understood the question.
 */
function facesQuery({ scope }: SearchInput, faced: boolean): StructuredQuery {
  const { filter, violation } = shownQuery(scope.includeArchived, { hasPeople: { eq: faced } });
  return {
    filter,
    violation: (asset) =>
      violation(asset) ?? (faced || asset.people.length === 0 ? undefined : "shows people"),
  };
}
