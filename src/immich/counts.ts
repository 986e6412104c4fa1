import type { Call, ImmichHttp } from "./http.ts";
import { countSchema } from "./schema.ts";
import { type SearchFilter, withoutTrash } from "./search_page.ts";
import type { TimeBucket } from "./time_range.ts";
import { listMonths } from "./timeline.ts";

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
