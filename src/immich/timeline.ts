import * as v from "valibot";
import { isUuid, timeSchema, VISIBILITIES, type Visibility } from "./asset.ts";
import type { ImmichHttp } from "./http.ts";
import type { TimeBucket } from "./time_range.ts";

// The timeline by months: what is in each, in columns. It tells nothing of people.

/** The assets of a month, in columns of equal length. */
export interface Month {
  readonly id: readonly string[];
  readonly ownerId: readonly string[];
  readonly visibility: readonly Visibility[];
  readonly isTrashed: readonly boolean[];
}

/** `timeBucket` is the first day of a month. */
const monthsSchema = v.array(
  v.object({
    timeBucket: timeSchema,
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
);

/** Its ids are parsed by hand, like assets: an album may have hundreds of thousands of members. */
const monthSchema = v.pipe(
  v.object({
    id: v.custom<readonly string[]>(areIds, "a column of ids"),
    ownerId: v.custom<readonly string[]>(areIds, "a column of ids"),
    visibility: v.array(v.picklist(VISIBILITIES)),
    isTrashed: v.array(v.boolean()),
  }),
  v.check(({ id, ...others }) => Object.values(others).every(({ length }) => length === id.length)),
);

/**
 * About 250 bytes for each asset. What is made of an answer takes as much memory again, so that
 * this is for a month of half a million assets, more than which is not asked for.
 */
const MAX_MONTH_BYTES = 256 * 1024 * 1024;
export const MAX_MONTH_ASSETS = 500_000;

/**
 * How many assets are in each month.
 *
 * @param scope as the server takes it: `visibility=timeline`, `albumId=…`
 */
export async function listMonths(http: ImmichHttp, scope: string): Promise<TimeBucket[]> {
  const path = `/timeline/buckets?${scope}`;
  const months = await http.call({ method: "GET", path, schema: monthsSchema });
  return months.map(({ timeBucket, count }) => ({ start: timeBucket, count }));
}

/** The assets of a month, which is known by its start; none when there is no such month. */
export async function readMonth(
  http: ImmichHttp,
  scope: string,
  start: number,
  signal?: AbortSignal,
): Promise<Month> {
  const day = new Date(start).toISOString().slice(0, 10);
  return await http.call({
    method: "GET",
    path: `/timeline/bucket?${scope}&timeBucket=${day}`,
    schema: monthSchema,
    maxJsonBytes: MAX_MONTH_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
}

function areIds(input: unknown): boolean {
  return Array.isArray(input) && input.every(isUuid);
}
