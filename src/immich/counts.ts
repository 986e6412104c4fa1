import * as v from "valibot";
import { type Asset, assetsSchema } from "./asset.ts";
import type { Call, ImmichHttp } from "./http.ts";
import { untrustedList } from "./immich_error.ts";
import {
  MAX_PAGE_SIZE,
  type SearchFilter,
  type StructuredQuery,
  withoutTrash,
} from "./search_page.ts";
import type { TimeBucket } from "./time_range.ts";
import { listMonths } from "./timeline.ts";

const countSchema = v.object({ total: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

/**
 * How many assets a structured search would find, outside the trash; needs `asset.statistics` and
 * Immich 3.2. An older server ignores the filter and counts everything.
 */
export async function countAssets(
  http: ImmichHttp,
  filter: SearchFilter,
  options: Pick<Call<unknown>, "retry" | "signal"> = {},
): Promise<number> {
  const { total } = await http.call({
    method: "POST",
    path: "/search/statistics",
    body: { filter: withoutTrash(filter) },
    schema: countSchema,
    ...options,
  });
  return total;
}

/**
 * How many assets of the timeline were taken in each month, partners' included. The months are
 * those of the places where the pictures were taken, so only about right.
 */
export async function countByMonth(http: ImmichHttp): Promise<TimeBucket[]> {
  return await listMonths(http, "visibility=timeline&withPartners=true");
}

/**
 * How many assets of the user are in an album: those that its own count includes, so neither hidden
 * nor trashed ones. Takes 0.1 s at 60,000 members and 0.8 s at 600,000.
 */
export async function countOwnInAlbum(
  http: ImmichHttp,
  albumId: string,
  userId: string,
): Promise<number> {
  const months = await listMonths(http, `albumId=${albumId}&userId=${userId}`);
  return months.reduce((sum, { count }) => sum + count, 0);
}

/** How many assets are in the timeline: of the user, and of partners who share theirs. */
export async function countTimeline(
  http: ImmichHttp,
): Promise<{ readonly own: number; readonly partners: number }> {
  const [own, all] = await Promise.all(
    ["visibility=timeline", "visibility=timeline&withPartners=true"].map(async (scope) => {
      const months = await listMonths(http, scope);
      return months.reduce((sum, { count }) => sum + count, 0);
    }),
  );
  return { own: own ?? 0, partners: Math.max(0, (all ?? 0) - (own ?? 0)) };
}

/** Some of the assets that a query finds, in no order. */
export interface Sample {
  readonly assets: readonly Asset[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/**
 * Asks a server of 3.2 or later for any 1,000 assets that the query finds. It costs what a count
 * costs, because nothing is sorted: at 1,000,000 assets 1.2 s, where a page of a list that is nearly
 * empty takes 5.3 s. The answer does not tell whether the server has understood the filter, so that
 * nothing may be changed because of it alone.
 *
 * @throws ImmichError also when an asset is not what was asked for
 */
export async function sampleAssets(
  http: ImmichHttp,
  { filter, violation }: StructuredQuery,
  options: Pick<Call<unknown>, "signal"> = {},
): Promise<Sample> {
  const assets = await http.call({
    method: "POST",
    path: "/search/random",
    body: { filter: withoutTrash(filter), withPeople: true, size: MAX_PAGE_SIZE },
    schema: assetsSchema,
    ...options,
  });
  for (const asset of assets) {
    const wrong = asset.isTrashed ? "is in the trash" : violation(asset);
    if (wrong !== undefined) throw untrustedList(`asset ${asset.id} ${wrong}`);
  }
  return { assets, isComplete: assets.length < MAX_PAGE_SIZE };
}
