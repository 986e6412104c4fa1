import * as v from "valibot";
import { untrustedList } from "./immich_error.ts";
import type { ImmichHttp } from "./http.ts";
import { type Asset, assetsSchema, type Visibility } from "./asset.ts";
import type { Server } from "./server.ts";

const searchSchema = v.object({
  assets: v.object({
    items: assetsSchema,
    nextPage: v.nullable(v.string()),
    /** The key is there from 3.2 on only, which is how an understood `filter` is told. */
    nextCursor: v.optional(v.nullable(v.string())),
  }),
});

/** Largest page that Immich gives; more is a 400. */
export const MAX_PAGE_SIZE = 1000;

/** Which assets to list. Trashed and locked ones are never listed. */
export type AssetQuery = PlainQuery | StructuredQuery;

/** What any server can be asked, each one in its form. */
export interface PlainQuery {
  readonly visibility: Exclude<Visibility, "locked">;
  /** Only assets of this album; without it the library: own assets and those of partners. */
  readonly albumId?: string;
}

/** A structured search, which only Immich from 3.2 on understands; others ignore `filter`. */
export interface StructuredQuery {
  readonly filter: SearchFilter;
  /** What is wrong with an asset that this filter can't have let pass, if anything. */
  readonly violation: (asset: Asset) => string | undefined;
}

/** The conditions of a structured search that this program uses; all must hold. */
export interface SearchFilter {
  readonly visibility?: { readonly in: readonly Visibility[] };
  readonly type?: { readonly in: readonly string[] };
  /** Any visible face, assigned to a person or not. */
  readonly hasPeople?: { readonly eq: boolean };
  /** An empty list is a 400. */
  readonly personIds?: { readonly any: readonly string[] } | { readonly none: readonly string[] };
  /** `any` also drops the owner scope: other owners' assets of the album are found too. */
  readonly albumIds?: { readonly any: readonly string[] } | { readonly none: readonly string[] };
  /** At least one of these must hold too. */
  readonly or?: readonly SearchFilter[];
}

/** Where a page begins and ends; times in milliseconds since 1970, or infinite. */
export interface Window {
  /** The assets were taken then or earlier. */
  readonly before: number;
  /** The assets were taken then or later. */
  readonly from: number;
  /** What the page before this one said comes next, in the same window. */
  readonly next: string | undefined;
  readonly pageSize: number;
}

/** One page, newest first, and how to get the next one of the same window (null: there is none). */
export interface Page {
  readonly items: readonly Asset[];
  readonly next: string | null;
}

/**
 * Fetches one page. The flat form of the search is deprecated since 3.2 and is to go with 4, so that
 * whoever understands the structured one is asked in that.
 *
 * @throws ImmichError also when the page contradicts what was asked for: a server, proxy or cache
 * that does something else must not be believed
 */
export async function fetchPage(
  http: ImmichHttp,
  server: Server,
  query: AssetQuery,
  window: Window,
  signal?: AbortSignal,
): Promise<Page> {
  const structured = "filter" in query || server.structuredSearch;
  const { assets } = await http.call({
    method: "POST",
    path: "/search/metadata",
    body: "filter" in query
      ? structuredBody(query.filter, window)
      : structured
      ? structuredBody(filterOf(query), window)
      : flatBody(query, window),
    schema: searchSchema,
    ...(signal === undefined ? {} : { signal }),
  });
  // An older server ignores `filter` and answers with everything; it doesn't know this key.
  if (structured && assets.nextCursor === undefined) {
    throw untrustedList("the server ignores structured searches");
  }
  const next = structured ? assets.nextCursor ?? null : assets.nextPage;
  assertAsAsked(assets.items, query, window);
  return { items: assets.items, next };
}

function filterOf({ visibility, albumId }: PlainQuery): SearchFilter {
  return {
    visibility: { in: [visibility] },
    ...(albumId === undefined ? {} : { albumIds: { any: [albumId] } }),
  };
}

function flatBody({ visibility, albumId }: PlainQuery, window: Window): Record<string, unknown> {
  const { before, from, next, pageSize } = window;
  return {
    // Without withPeople the people are always [], without visibility each version lists something
    // else.
    withPeople: true,
    visibility,
    size: pageSize,
    page: next === undefined ? 1 : Number(next),
    order: "desc",
    ...(before === Infinity ? {} : { takenBefore: toIso(before) }),
    ...(from === -Infinity ? {} : { takenAfter: toIso(from) }),
    ...(albumId === undefined ? {} : { albumIds: [albumId] }),
  };
}

function structuredBody(filter: SearchFilter, window: Window): Record<string, unknown> {
  const { before, from, next, pageSize } = window;
  const takenAt = {
    ...(before === Infinity ? {} : { lte: toIso(before) }),
    ...(from === -Infinity ? {} : { gte: toIso(from) }),
  };
  return {
    filter: {
      ...withoutTrash(filter),
      ...(Object.keys(takenAt).length === 0 ? {} : { takenAt }),
    },
    orderBy: { field: "fileCreatedAt", direction: "desc" },
    withPeople: true,
    size: pageSize,
    ...(next === undefined ? {} : { cursor: next }),
  };
}

/** That none of these people is there. An empty list is a 400, and would say nothing. */
export function noneOf(people: readonly string[]): SearchFilter {
  return people.length === 0 ? {} : { personIds: { none: people } };
}

/** What is shown in the library, and passes the filter besides. */
export function shownQuery(includeArchived: boolean, filter: SearchFilter): StructuredQuery {
  const shown = includeArchived ? ["timeline", "archive"] as const : ["timeline"] as const;
  return {
    filter: { ...filter, visibility: { in: shown } },
    violation: ({ visibility }) =>
      shown.some((one) => one === visibility) ? undefined : `is in "${visibility}"`,
  };
}

/** The structured search includes the trash unless told not to. */
export function withoutTrash(filter: SearchFilter): Record<string, unknown> {
  return { ...filter, trashedAt: { eq: null } };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

function assertAsAsked(items: readonly Asset[], query: AssetQuery, window: Window): void {
  if (items.length > window.pageSize) throw untrustedList("a page is larger than asked for");
  let previous = window.before;
  const seen = new Set<string>();
  for (const asset of items) {
    if (seen.has(asset.id)) throw untrustedList(`asset ${asset.id} is twice in one page`);
    seen.add(asset.id);
    if (asset.fileCreatedAt > previous || asset.fileCreatedAt < window.from) {
      throw untrustedList("the assets are not those of the time asked for, newest first");
    }
    previous = asset.fileCreatedAt;
    if (asset.isTrashed) throw untrustedList(`asset ${asset.id} is in the trash`);
    const violation = "filter" in query ? query.violation(asset) : wrongVisibility(asset, query);
    if (violation !== undefined) throw untrustedList(`asset ${asset.id} ${violation}`);
  }
}

function wrongVisibility(asset: Asset, { visibility }: PlainQuery): string | undefined {
  if (asset.visibility === visibility) return undefined;
  return `is in "${asset.visibility}", not "${visibility}"`;
}
