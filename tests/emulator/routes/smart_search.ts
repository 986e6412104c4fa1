import { mayUseAlbum, ownersInSearch } from "../access.ts";
import { type Answer, type Call, ok, type Route } from "../call.ts";
import { assetAnswer } from "../answers.ts";
import { ApiError, notEmulated } from "../errors.ts";
import type { Asset } from "../model.ts";
import { isRecord } from "../reading.ts";
import { findStructured, isStructured, readStructuredSearch } from "../search_filter.ts";
import { findFlat, pageOf, readFlatSearch } from "../search_flat.ts";

/** `/search/smart`: the assets nearest to a text, as far as a model has looked at them. */
export const SMART_SEARCH_ROUTES: Route[] = [
  { method: "POST", path: "/api/search/smart", permission: "asset.read", answer: smart },
];

/** 2.x looks up so many in its index, unless an album narrows the search. */
const MOST_IN_INDEX = 40;
/** A library of up to so many is not worth an index. */
const SMALL = 1000;

function smart(call: Call): Answer {
  const { world, user, version, body } = call;
  const { generation } = version;
  const viewer = { world, user, generation };
  const structured = generation === "3.2" && isStructured(body);
  const search = structured ? readStructuredSearch(body) : readFlatSearch(body, generation);
  const query = readQuery(body);
  embed(call, query);
  const isNarrowed = "albumIds" in search && search.albumIds.length > 0;
  const found = "filter" in search
    ? findStructured(viewer, search)
    : mayUseAll(call, search.albumIds)
    ? findFlat(viewer, search)
    : [];
  const owners = new Set(ownersInSearch(world, user));
  const nearest = [...found]
    .filter(({ owner, likeness }) => likeness !== undefined && owners.has(owner))
    .map((asset) => ({ asset, near: nearness(asset, query) }))
    .sort((a, b) => b.near - a.near)
    .map(({ asset }) => asset);
  const isApproximate = generation === "2.x" && !isNarrowed && nearest.length > SMALL;
  const listed = isApproximate ? nearest.slice(0, MOST_IN_INDEX) : nearest;
  // With a filter there is one answer and no way to the next.
  const page = "filter" in search ? 1 : search.page;
  const size = isRecord(body) && body["size"] === undefined ? 100 : search.size;
  const { items, hasMore } = pageOf(listed, (page - 1) * size, size);
  return ok({
    albums: { total: 0, count: 0, items: [], facets: [] },
    assets: {
      total: items.length,
      count: items.length,
      items: items.map((asset) => assetAnswer(asset, generation, false, withExif(body))),
      facets: [],
      nextPage: hasMore && !structured ? String(page + 1) : null,
      ...(generation === "3.2" ? { nextCursor: null } : {}),
    },
  });
}

function readQuery(body: unknown): string {
  const fields = isRecord(body) ? body : {};
  if (fields["queryAssetId"] !== undefined) throw notEmulated("queryAssetId");
  const { query } = fields;
  if (typeof query === "string" && query !== "") return query;
  throw new ApiError(400, "Either `query` or `queryAssetId` must be set");
}

/** Texts are embedded by the machine learning server, and remembered. */
function embed({ world }: Call, query: string): void {
  if (world.machineLearning === "off") throw new ApiError(400, "Smart search is not enabled");
  if (world.machineLearning === "down" && !world.searchedTexts.has(query)) {
    throw new ApiError(500, "Failed to search smart");
  }
  world.searchedTexts.add(query);
}

/** An album that is unknown or foreign has nothing; it is no error here. */
function mayUseAll({ world, user }: Call, albumIds: readonly string[]): boolean {
  return albumIds.map((id) => world.albums.get(id)).every((album) =>
    album !== undefined && mayUseAlbum(album, user, "album.read")
  );
}

function nearness({ id, likeness }: Asset, query: string): number {
  if (/\b(person|people)\b/.test(query)) return likeness ?? 0;
  let hash = 0;
  for (const char of query + id) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return hash;
}

function withExif(body: unknown): boolean {
  return isRecord(body) && body["withExif"] === true;
}
