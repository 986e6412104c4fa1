import { untrustedList } from "./errors.ts";
import type { ImmichHttp } from "./http.ts";
import { type Asset, searchSchema, type Visibility } from "./schema.ts";
import type { Generation } from "./server.ts";

/** Largest page that Immich gives; more is a 400. */
const PAGE_SIZE = 1000;
/** Passes over assets with one and the same capture time on 2.x, see `readTie`. */
const MAX_TIE_PASSES = 10;

/** Which assets to list. Trashed and locked ones are never listed. */
export interface AssetQuery {
  readonly visibility: Exclude<Visibility, "locked">;
  /** Only assets of this album; without it the library: own assets and those of partners. */
  readonly albumId?: string;
  /**
   * Whether a face was found, assigned to a person or not. Asks by the structured search, so 3.2
   * or later only. Without it the search is the flat one, which all generations answer alike.
   */
  readonly hasFaces?: boolean;
}

/** One page, newest first, and how to get the next one of the same window (null: there is none). */
interface Page {
  readonly items: readonly Asset[];
  readonly next: string | null;
}

/**
 * Fetches a page of the assets taken at or before `before` (milliseconds; undefined: all), `next`
 * being what the page before it said.
 */
type FetchPage = (before: number | undefined, next: string | undefined) => Promise<Page>;

/**
 * Lists assets, newest capture time first, in batches of at most 1,000, each asset once.
 *
 * Goes by windows on the capture time, always page 1, because a server skips rows at 14 ms per
 * 1,000: 100,000 assets took 9 s by window and 63–123 s by page. What is added or deleted while
 * the listing runs shifts no window, so nothing else is missed because of it.
 *
 * @throws ImmichError when a request fails or when the answers contradict what was asked for; what
 * was yielded before is then no basis for any change
 */
export async function* listAssets(
  http: ImmichHttp,
  generation: Generation,
  query: AssetQuery,
  signal?: AbortSignal,
): AsyncGenerator<Asset[]> {
  const fetchPage: FetchPage = async (before, next) => {
    const page = await fetchOnce(http, query, before, next, signal);
    assertAsAsked(page, query, before);
    return page;
  };
  /** Ids already yielded that the next window may show again, with their capture times. */
  const recent = new Map<string, number>();
  const takeFresh = (page: Page): Asset[] => {
    const fresh = page.items.filter((asset) => !recent.has(asset.id));
    for (const asset of fresh) recent.set(asset.id, asset.fileCreatedAt);
    return fresh;
  };

  let before: number | undefined;
  for (;;) {
    let page = await fetchPage(before, undefined);
    yield takeFresh(page);
    if (before !== undefined && page.next !== null && nextWindow(page) >= before) {
      // One timestamp fills the whole page: page on inside the window until time moves.
      const tie = readTie(fetchPage, before, page, generation === "2");
      for await (page of tie) yield takeFresh(page);
    }
    if (page.next === null) return;
    before = nextWindow(page);
    for (const [id, time] of recent) if (time > before) recent.delete(id);
  }
}

/**
 * Where the window after this page begins. Answers are in milliseconds, rows in microseconds, and
 * `takenBefore` is `<=`: without the added millisecond rows of the same millisecond are lost.
 */
function nextWindow(page: Page): number {
  const oldest = page.items.at(-1);
  if (oldest === undefined) throw untrustedList("a page is empty, but more are said to follow");
  return oldest.fileCreatedAt + 1;
}

/**
 * The further pages of a window whose first page shows a single capture time, up to and including
 * the page in which time moves on or the list ends.
 *
 * 2.x does not break ties, so its pages of equal times may overlap and leave gaps: there the pages
 * are read again until a pass brings nothing new. The caller drops what it has seen.
 */
async function* readTie(
  fetchPage: FetchPage,
  before: number,
  first: Page,
  unstable: boolean,
): AsyncGenerator<Page> {
  const seen = new Set(first.items.map((asset) => asset.id));
  let page = first;
  let longestPass = Infinity;
  for (let pass = 1; pass <= MAX_TIE_PASSES; pass++) {
    let found = 0;
    let pages = 1;
    for (; page.next !== null && nextWindow(page) >= before; pages++) {
      page = await fetchPage(before, page.next);
      const fresh = page.items.filter((asset) => !seen.has(asset.id));
      for (const asset of fresh) seen.add(asset.id);
      found += fresh.length;
      if (pages > longestPass || (pass === 1 && fresh.length === 0 && page.next !== null)) {
        throw untrustedList("the same page is repeated");
      }
      yield page;
    }
    if (!unstable || found === 0) return;
    longestPass = pages + 1;
    if (pass < MAX_TIE_PASSES) {
      page = await fetchPage(before, undefined);
      yield page;
    }
  }
}

async function fetchOnce(
  http: ImmichHttp,
  query: AssetQuery,
  before: number | undefined,
  next: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const structured = query.hasFaces !== undefined;
  const body = structured ? structuredBody(query, before, next) : flatBody(query, before, next);
  const { assets } = await http.call({
    method: "POST",
    path: "/search/metadata",
    body,
    schema: searchSchema,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!structured) return { items: assets.items, next: assets.nextPage };
  // An older server ignores `filter` and answers with everything; it doesn't know this key.
  if (assets.nextCursor === undefined) {
    throw untrustedList("the server ignores structured searches");
  }
  return { items: assets.items, next: assets.nextCursor };
}

function flatBody(
  { visibility, albumId }: AssetQuery,
  before: number | undefined,
  next: string | undefined,
): Record<string, unknown> {
  return {
    // Without withPeople the people are always [], without visibility each generation has its own
    // idea of what to list.
    withPeople: true,
    visibility,
    size: PAGE_SIZE,
    page: next === undefined ? 1 : Number(next),
    order: "desc",
    ...(before === undefined ? {} : { takenBefore: new Date(before).toISOString() }),
    ...(albumId === undefined ? {} : { albumIds: [albumId] }),
  };
}

function structuredBody(
  { visibility, albumId, hasFaces }: AssetQuery,
  before: number | undefined,
  next: string | undefined,
): Record<string, unknown> {
  return {
    filter: {
      visibility: { eq: visibility },
      trashedAt: { eq: null }, // the structured search includes the trash unless told not to
      hasPeople: { eq: hasFaces },
      ...(before === undefined ? {} : { takenAt: { lte: new Date(before).toISOString() } }),
      ...(albumId === undefined ? {} : { albumIds: { any: [albumId] } }),
    },
    orderBy: { field: "fileCreatedAt", direction: "desc" },
    withPeople: true,
    size: PAGE_SIZE,
    ...(next === undefined ? {} : { cursor: next }),
  };
}

/** A server, proxy or cache that does not do what it was asked must not be believed. */
function assertAsAsked(page: Page, query: AssetQuery, before: number | undefined): void {
  if (page.items.length > PAGE_SIZE) throw untrustedList("a page is larger than asked for");
  let previous = before ?? Infinity;
  for (const asset of page.items) {
    if (asset.fileCreatedAt > previous) {
      throw untrustedList("the assets are not those of the time asked for, newest first");
    }
    previous = asset.fileCreatedAt;
    if (asset.visibility !== query.visibility) {
      throw untrustedList(
        `asset ${asset.id} is in "${asset.visibility}", not "${query.visibility}"`,
      );
    }
    if (asset.isTrashed) throw untrustedList(`asset ${asset.id} is in the trash`);
    if (query.hasFaces === false && asset.people.length > 0) {
      throw untrustedList(`asset ${asset.id} shows people, but none were asked for`);
    }
  }
}
