import { type Album, readAlbum } from "../immich/albums.ts";
import { untrustedList } from "../immich/errors.ts";
import type { ImmichHttp } from "../immich/http.ts";
import type { Asset } from "../immich/schema.ts";
import { type AssetQuery, listAssets } from "../immich/search.ts";
import type { Generation } from "../immich/server.ts";
import type { Findings } from "./plan.ts";
import { belongs, type Scope } from "./rule.ts";

/** What a scan has to know. */
export interface ScanInput {
  readonly http: ImmichHttp;
  readonly generation: Generation;
  readonly scope: Scope;
  readonly includePartners: boolean;
  /** Undefined when the user has no assets of their own that could tell. */
  readonly ownUserId: string | undefined;
  /** Undefined while the album is still to be created. */
  readonly album: Album | undefined;
  /** Assets uploaded later than this (milliseconds since 1970) are held back. */
  readonly uploadedBefore: number;
  /** Listings at once. */
  readonly concurrency: number;
}

/**
 * Lists the album, then the library, and keeps only ids: of the album all of them, of the library
 * those that are missing in it. Any server can be asked this way.
 *
 * @throws ImmichError when a listing failed or can't be trusted
 */
export async function scan(input: ScanInput): Promise<Findings> {
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

async function scanAlbum(input: ScanInput): Promise<AlbumScan> {
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
  // Hidden ones are the motion parts of live photos, which older programs put into albums.
  const queries: AssetQuery[] = [
    { albumId, visibility: "timeline" },
    { albumId, visibility: "archive" },
    { albumId, visibility: "hidden" },
  ];
  await readAll(input, queries, look);
  if (asksForFaces(input)) {
    // A flat search does not show faces without a person: each asset that has one is asked for.
    const shown: AssetQuery[] = [{ albumId, visibility: "timeline", hasFaces: true }];
    if (input.scope.includeArchived) {
      shown.push({ albumId, visibility: "archive", hasFaces: true });
    }
    await readAll(input, shown, (asset) => {
      if (asset.people.length === 0) byOwner.get(asset.ownerId)?.unfit.push(asset.id);
    });
  }
  const assetCount = await trustedCount(input, counted);
  return { members, byOwner, unseen: assetCount - counted };
}

/**
 * How many assets the album has by its own count, which must not be less than was listed: a server
 * that ignores `albumIds` lists the whole library. The count is asked again before it is held
 * against the list, since the album may have grown meanwhile.
 */
async function trustedCount({ http, album }: ScanInput, listed: number): Promise<number> {
  if (album === undefined) return listed;
  if (album.assetCount >= listed) return album.assetCount;
  const { assetCount } = await readAlbum(http, album.id);
  if (assetCount >= listed) return assetCount;
  throw untrustedList(`${listed} assets are listed for an album of ${assetCount}`);
}

async function scanLibrary(
  input: ScanInput,
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
  const faces = asksForFaces(input) ? { hasFaces: false } : {};
  const queries: AssetQuery[] = [{ visibility: "timeline", ...faces }];
  if (input.scope.includeArchived) queries.push({ visibility: "archive", ...faces });
  await readAll(input, queries, look);
  if (asksForFaces(input)) anyPeople = await anyFaces(input);
  return { read, matching, missing, heldBack, anyPeople, owners };
}

/** Whether faces without a person count and only the structured search of 3.2 can tell. */
function asksForFaces({ scope, generation }: ScanInput): boolean {
  return scope.rule.kind === "no-faces" && generation === "3.2";
}

async function anyFaces({ http, generation }: ScanInput): Promise<boolean> {
  for await (
    const page of listAssets(http, generation, { visibility: "timeline", hasFaces: true })
  ) {
    return page.length > 0;
  }
  return false;
}

/** Runs the listings, a few at once; the first failure ends all of them. */
async function readAll(
  { http, generation, concurrency }: ScanInput,
  queries: readonly AssetQuery[],
  look: (asset: Asset) => void,
): Promise<void> {
  const failed = new AbortController();
  const waiting = [...queries];
  const worker = async () => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      for await (const page of listAssets(http, generation, query, failed.signal)) {
        page.forEach(look);
      }
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, queries.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
}
