import type { Asset } from "./model.ts";
import type { Micros } from "./time.ts";

/** Inclusive bounds on the capture time, as `takenAfter` and `takenBefore` give them. */
export interface CaptureWindow {
  from: Micros;
  to: Micros;
}

/** Assets ordered by capture time, walked from one end; a library, an album, or several of them. */
export interface CaptureSource {
  /** Walks the assets inside the window, without touching those outside of it. */
  walk(window: CaptureWindow, direction: "asc" | "desc"): Iterable<Asset>;
}

/** What an album shows of its content: not the trash, and neither hidden nor locked assets. */
export interface ShownContent {
  count: number;
  /** By capture time; null if nothing is shown. */
  first: Asset | null;
  last: Asset | null;
  /** When one of them was last changed. */
  updatedAt: Micros;
}

/** Whether an album shows the asset. */
export function isShown({ trashedAt, visibility }: Asset): boolean {
  return trashedAt === null && (visibility === "timeline" || visibility === "archive");
}

/** The order of 3.x: capture time in microseconds, then id; "desc" turns both. */
export function byCapture(a: Asset, b: Asset): number {
  return a.takenAt - b.takenAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * A set of assets that can be walked in capture order from any time on. Sorted when it is first
 * read after a change, so that filling it is cheap and a window of a big library costs only itself.
 */
export class CaptureOrder extends Set<Asset> implements CaptureSource {
  #sorted: Asset[] | null = null;

  override add(asset: Asset): this {
    if (!this.has(asset)) this.#sorted = null;
    return super.add(asset);
  }

  override delete(asset: Asset): boolean {
    if (this.has(asset)) this.#sorted = null;
    return super.delete(asset);
  }

  override clear(): void {
    this.#sorted = null;
    super.clear();
  }

  /** To be called when the capture time of a member was changed. */
  capturesChanged(): void {
    this.#sorted = null;
  }

  /** What is shown of these assets. */
  shown(): ShownContent {
    const content: ShownContent = { count: 0, first: null, last: null, updatedAt: 0 };
    for (const asset of this.walk({ from: -Infinity, to: Infinity }, "asc")) {
      if (!isShown(asset)) continue;
      content.count++;
      content.first ??= asset;
      content.last = asset;
      content.updatedAt = Math.max(content.updatedAt, asset.updatedAt);
    }
    return content;
  }

  *walk(window: CaptureWindow, direction: "asc" | "desc"): Iterable<Asset> {
    const sorted = this.#sorted ??= [...this].sort(byCapture);
    const start = firstIndex(sorted, (asset) => asset.takenAt >= window.from);
    const end = firstIndex(sorted, (asset) => asset.takenAt > window.to);
    if (direction === "asc") { for (let i = start; i < end; i++) yield at(sorted, i); }
    else for (let i = end - 1; i >= start; i--) yield at(sorted, i);
  }
}

/** Walks several sources as if they were one: own library and the partners'. */
export function walkMerged(
  sources: readonly CaptureSource[],
  window: CaptureWindow,
  direction: "asc" | "desc",
): Iterable<Asset> {
  const [only, ...others] = sources;
  return only !== undefined && others.length === 0
    ? only.walk(window, direction)
    : merged(sources, window, direction);
}

function* merged(
  sources: readonly CaptureSource[],
  window: CaptureWindow,
  direction: "asc" | "desc",
): Iterable<Asset> {
  const sign = direction === "asc" ? 1 : -1;
  const heads = sources.map((source) => source.walk(window, direction)[Symbol.iterator]())
    .map((rest) => ({ rest, head: rest.next() }));
  while (true) {
    let first: { asset: Asset; index: number } | null = null;
    for (const [index, { head }] of heads.entries()) {
      if (head.done === true) continue;
      if (first === null || sign * byCapture(head.value, first.asset) < 0) {
        first = { asset: head.value, index };
      }
    }
    if (first === null) return;
    yield first.asset;
    const taken = heads[first.index];
    if (taken !== undefined) taken.head = taken.rest.next();
  }
}

/** Gives runs of equal capture time in random order: 2.x promises no order among them. */
export function* shuffleTies(assets: Iterable<Asset>, random: () => number): Iterable<Asset> {
  let tied: Asset[] = [];
  for (const asset of assets) {
    if (tied.length > 0 && tied[0]?.takenAt !== asset.takenAt) {
      yield* shuffled(tied, random);
      tied = [];
    }
    tied.push(asset);
  }
  yield* shuffled(tied, random);
}

/** The items in random order (Fisher–Yates); changes the given array. */
function shuffled<T>(items: T[], random: () => number): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [items[last], items[other]];
    if (a !== undefined && b !== undefined) [items[last], items[other]] = [b, a];
  }
  return items;
}

function firstIndex(sorted: readonly Asset[], isAt: (asset: Asset) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAt(at(sorted, middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function at(sorted: readonly Asset[], index: number): Asset {
  const asset = sorted[index];
  if (asset === undefined) throw new RangeError(`no asset at ${index} of ${sorted.length}`);
  return asset;
}
