import type { ImmichHttp } from "./http.ts";
import { contributorsSchema } from "./schema.ts";

/**
 * How many assets of each user are in a shared album; needs `album.read`. Undefined for an album that
 * is not shared: the server counts only for shared ones.
 */
export async function countContributors(
  http: ImmichHttp,
  albumId: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { contributorCounts } = await http.call({
    method: "GET",
    path: `/albums/${albumId}?withoutAssets=true`,
    schema: contributorsSchema,
  });
  return contributorCounts === undefined
    ? undefined
    : new Map(contributorCounts.map(({ userId, assetCount }) => [userId, assetCount]));
}
