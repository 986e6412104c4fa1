/** A stretch of capture times, in milliseconds since 1970; `from` is in it, `to` is not. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export const ALL_TIME: TimeRange = { from: -Infinity, to: Infinity };

/** How many assets were taken from `start` on, up to the next start. */
export interface TimeBucket {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly count: number;
}

/** How long a bucket lasts, at most. */
const MONTH_MS = 31 * 24 * 3600 * 1000;

/** Windows read at once may take different times: with so many for each, nobody waits for long. */
const RANGES_PER_REQUEST = 3;
/** Lists shorter than this are not worth dividing. */
const MIN_ASSETS_IN_RANGE = 4000;

/** Ranges for a list that so many requests at once are to read, see {@link divideTime}. */
export function rangesFor(buckets: readonly TimeBucket[], concurrency: number): TimeRange[] {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, Math.floor(total / MIN_ASSETS_IN_RANGE));
  return divideTime(
    buckets,
    concurrency === 1 ? 1 : Math.min(concurrency * RANGES_PER_REQUEST, most),
  );
}

/**
 * Divides all time into at most `parts` ranges with about the same number of assets each, newest
 * first. They meet without gap and without overlap, whatever the buckets say.
 */
export function divideTime(buckets: readonly TimeBucket[], parts: number): TimeRange[] {
  const newestFirst = buckets.toSorted((a, b) => b.start - a.start);
  const total = newestFirst.reduce((sum, { count }) => sum + count, 0);
  const ranges: TimeRange[] = [];
  let to = Infinity;
  for (let part = 1; part < parts && total > 0; part++) {
    const from = timeAfter(newestFirst, total * part / parts);
    if (from >= to) continue; // so many of one moment that it can't be divided
    ranges.push({ from, to });
    to = from;
  }
  return [...ranges, { from: -Infinity, to }];
}

/** The time from which on `count` assets were taken, if those of a bucket lie evenly in it. */
function timeAfter(newestFirst: readonly TimeBucket[], count: number): number {
  let passed = 0;
  let end = Infinity;
  for (const bucket of newestFirst) {
    end = Math.min(end, bucket.start + MONTH_MS);
    if (passed + bucket.count >= count) {
      return Math.floor(end - (end - bucket.start) * (count - passed) / bucket.count);
    }
    passed += bucket.count;
    end = bucket.start;
  }
  return end;
}
