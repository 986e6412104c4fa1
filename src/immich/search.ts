import { untrustedList } from "./immich_error.ts";
import type { ImmichHttp } from "./http.ts";
import type { Asset } from "./asset.ts";
import { type AssetQuery, fetchPage, MAX_PAGE_SIZE, type Page } from "./search_page.ts";
import type { Server } from "./server.ts";
import { ALL_TIME, type TimeRange } from "./time_range.ts";

/** Passes over assets with one and the same capture time on 2.x, see `readTie`. */
const MAX_TIE_PASSES = 20;
/** So many of these passes in a row without anything new show that nothing is left. */
const FRUITLESS_TIE_PASSES = 4;
/** Pages without anything new, one after the other: ties may repeat some assets, not all of them. */
const MAX_STALE_PAGES = 10;
/** Far beyond any library, so that a server whose list never ends is noticed. */
export const MAX_LISTED_ASSETS = 10_000_000;

export interface ListOptions {
  /** Only assets taken in this time. */
  readonly range?: TimeRange;
  /** Ends the listing early. */
  readonly signal?: AbortSignal;
  /** Assets in one page, 1 to 1,000; less is for tests. */
  readonly pageSize?: number;
  /** Assets in one list; less is for tests. */
  readonly maxAssets?: number;
}

/** Fetches a page of the assets taken at or before `before`, in milliseconds since 1970. */
type Fetch = (before: number, next: string | undefined) => Promise<Page>;

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
  server: Server,
  query: AssetQuery,
  options: ListOptions = {},
): AsyncGenerator<Asset[]> {
  const { range = ALL_TIME, signal, pageSize = MAX_PAGE_SIZE } = options;
  const { maxAssets = MAX_LISTED_ASSETS } = options;
  const fetch: Fetch = (before, next) =>
    fetchPage(http, server, query, { before, from: range.from, next, pageSize }, signal);
  /** Ids already yielded that the next request may show again, with their capture times. */
  const recent = new Map<string, number>();
  let listed = 0;
  /** The earliest of these times: what is older need not be looked up. */
  let recentFrom = Infinity;
  const takeFresh = ({ items }: Page, mayRepeat: (time: number) => boolean): Asset[] => {
    const fresh = items.filter(({ id, fileCreatedAt: time }) =>
      // Both ends of a window are inclusive at the server, the end of a range is not.
      time >= range.from && time < range.to && (time < recentFrom || !recent.has(id))
    );
    for (const { id, fileCreatedAt: time } of fresh) {
      if (!mayRepeat(time)) continue;
      recent.set(id, time);
      recentFrom = Math.min(recentFrom, time);
    }
    listed += fresh.length;
    if (listed > maxAssets) throw untrustedList(`it does not end after ${maxAssets} assets`);
    return fresh;
  };

  let before = range.to;
  for (;;) {
    let page = await fetch(before, undefined);
    const next = page.next === null ? -Infinity : nextWindow(page);
    yield takeFresh(page, (time) => time <= next);
    if (page.next !== null && next >= before) {
      // One timestamp fills the whole page: page on inside the window until time moves.
      const tie = readTie(fetch, before, page, !server.stableTies);
      for await (page of tie) yield takeFresh(page, () => true);
    }
    if (page.next === null) return;
    before = nextWindow(page);
    // Else all of its assets are kept while the next page is on its way, see `readAll`.
    page = { items: [], next: null };
    recentFrom = Infinity;
    for (const [id, time] of recent) {
      if (time > before) recent.delete(id);
      else recentFrom = Math.min(recentFrom, time);
    }
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
 * are read again until a few passes bring nothing new. The caller drops what it has seen.
 */
async function* readTie(
  fetch: Fetch,
  before: number,
  first: Page,
  unstable: boolean,
): AsyncGenerator<Page> {
  const seen = new Set(first.items.map((asset) => asset.id));
  let page = first;
  let longestPass = Infinity;
  let stale = 0, fruitless = 0;
  for (let pass = 1; pass <= MAX_TIE_PASSES; pass++) {
    let found = 0;
    let pages = 1;
    for (; page.next !== null && nextWindow(page) >= before; pages++) {
      page = await fetch(before, page.next);
      const fresh = page.items.filter((asset) => !seen.has(asset.id));
      for (const asset of fresh) seen.add(asset.id);
      found += fresh.length;
      stale = fresh.length === 0 && pass === 1 ? stale + 1 : 0;
      if (pages > longestPass || stale > MAX_STALE_PAGES) {
        throw untrustedList("the same page is repeated");
      }
      yield page;
    }
    fruitless = found === 0 ? fruitless + 1 : 0;
    if (!unstable || fruitless === FRUITLESS_TIE_PASSES) return;
    longestPass = pages + 1;
    if (pass < MAX_TIE_PASSES) {
      page = await fetch(before, undefined);
      yield page;
    }
  }
}
