import { type Album, readAlbum } from "../immich/albums.ts";
import { countByMonth } from "../immich/counts.ts";
import { ImmichError, untrustedList } from "../immich/errors.ts";
import type { Asset } from "../immich/schema.ts";
import { listAssets } from "../immich/search.ts";
import type { AssetQuery, StructuredQuery } from "../immich/search_page.ts";
import { divideTime, type TimeRange } from "../immich/time_range.ts";
import type { Findings } from "./plan.ts";
import { readAll, type Reader } from "./read_all.ts";
import { belongs, isFaceless, type Scope } from "./rule.ts";

/** What has to be known to find out what to change. */
export interface SearchInput extends Reader {
  readonly scope: Scope;
  readonly includePartners: boolean;
  /** Undefined when the user has no assets of their own that could tell. */
  readonly ownUserId: string | undefined;
  /** Undefined while the album is still to be created. */
  readonly album: Album | undefined;
  /** Assets uploaded later than this (milliseconds since 1970) are held back. */
  readonly uploadedBefore: number;
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
  const album = await scanAlbum(input);
  const library = await scanLibrary(input, album.members);
  const ours = (owner: string) =>
    owner === input.ownUserId || (input.includePartners && library.owners.has(owner));
  const unfit = new Set<string>();
  let foreign = album.unseen;
  for (const [owner, { count, unfit: ids }] of album.byOwner) {
    if (!ours(owner)) foreign += count;
    else for (const id of ids) unfit.add(id);
  }
  return { ...library, unfit, foreign, inAlbum: album.members.size + album.unseen };
}

/** Assets of one owner in the album. */
interface OwnersShare {
  count: number;
  /** Ids of those whose own answer shows that they don't belong. */
  readonly unfit: string[];
}

interface AlbumScan {
  readonly members: Set<string>;
  readonly byOwner: Map<string, OwnersShare>;
  /** Assets that the album counts and the server doesn't list for us: 2.x hides strangers' ones. */
  readonly unseen: number;
}

async function scanAlbum(input: SearchInput): Promise<AlbumScan> {
  const members = new Set<string>();
  const byOwner = new Map<string, OwnersShare>();
  if (input.album === undefined) return { members, byOwner, unseen: 0 };
  const albumId = input.album.id;
  let counted = 0;
  const look = (asset: Asset) => {
    if (members.has(asset.id)) return;
    members.add(asset.id);
    if (asset.visibility !== "hidden") counted++;
    const share = byOwner.get(asset.ownerId) ?? { count: 0, unfit: [] };
    byOwner.set(asset.ownerId, share);
    share.count++;
    const own = asset.ownerId === input.ownUserId;
    if (!belongs(asset, input.scope, own)) share.unfit.push(asset.id);
  };
  const ranges = input.album.assetCount < 2 * MIN_ASSETS_IN_RANGE
    ? undefined
    : await divide(input, albumId);
  await readAll(input, [
    { query: { albumId, visibility: "timeline" }, look, ...(ranges ? { ranges } : {}) },
    { query: { albumId, visibility: "archive" }, look },
    // The motion parts of live photos, which older programs put into albums.
    { query: { albumId, visibility: "hidden" }, look },
  ]);
  if (asksForFaces(input)) {
    await findFaces(input, albumId, byOwner);
  }
  const assetCount = await trustedCount(input, counted);
  return { members, byOwner, unseen: assetCount - counted };
}

/**
 * A flat search does not show faces without a person: the assets that have one are asked for. Since
 * their answers look like those of assets without, the opposite is asked too, and a server that
 * gives an asset both times has not understood the question.
 */
async function findFaces(
  input: SearchInput,
  albumId: string,
  byOwner: ReadonlyMap<string, OwnersShare>,
): Promise<void> {
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
  for (const { id, ownerId } of found) {
    if (without.has(id)) {
      throw untrustedList(`asset ${id} is said to have a face, and to have none`);
    }
    byOwner.get(ownerId)?.unfit.push(id);
  }
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

async function scanLibrary(
  input: SearchInput,
  members: ReadonlySet<string>,
): Promise<Omit<Findings, "unfit" | "foreign" | "inAlbum"> & { owners: Set<string> }> {
  const missing = new Set<string>();
  const owners = new Set<string>();
  let read = 0, matching = 0, heldBack = 0;
  let anyPeople = false;
  const look = (asset: Asset) => {
    const own = asset.ownerId === input.ownUserId;
    if (!own && !input.includePartners) return;
    owners.add(asset.ownerId);
    read++;
    if (asset.people.length > 0) anyPeople = true;
    if (!belongs(asset, input.scope, own)) return;
    matching++;
    if (members.has(asset.id)) return;
    if (asset.createdAt > input.uploadedBefore) heldBack++;
    else missing.add(asset.id);
  };
  const ranges = await divide(input);
  if (asksForFaces(input)) {
    await readAll(input, [{ query: facesQuery(input, false), ranges, look }]);
    anyPeople = await anyFaces(input);
  } else {
    const archive: AssetQuery[] = input.scope.includeArchived ? [{ visibility: "archive" }] : [];
    await readAll(input, [
      { query: { visibility: "timeline" }, ranges, look },
      ...archive.map((query) => ({ query, look })),
    ]);
  }
  return { read, matching, missing, heldBack, anyPeople, owners };
}

/**
 * Ranges of time with about the same number of assets, of the library or of an album. Only for
 * balance: whatever goes wrong with it, one range is as right.
 */
async function divide(
  { http, concurrency }: SearchInput,
  albumId?: string,
): Promise<TimeRange[]> {
  if (concurrency === 1) return divideTime([], 1);
  try {
    const months = await countByMonth(http, albumId);
    const total = months.reduce((sum, { count }) => sum + count, 0);
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
function asksForFaces({ scope, generation }: SearchInput): boolean {
  return scope.rule.kind === "no-faces" && generation === "3.2";
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
  const { http, generation } = input;
  for await (const page of listAssets(http, generation, facesQuery(input, true))) {
    return page.length > 0;
  }
  return false;
}
