import { ImmichError } from "./immich_error.ts";
import type { ImmichHttp } from "./http.ts";
import { timeBucketSchema, timeBucketsSchema, userSchema } from "./schema.ts";

/**
 * The id of the user whose API key is used, for when no owned album tells it.
 *
 * `GET /users/me` needs `user.read`, which the smallest key lacks; then the user's own timeline
 * tells, whose assets are all theirs. Undefined when that is empty: there are no own assets.
 */
export async function readOwnUserId(http: ImmichHttp): Promise<string | undefined> {
  try {
    return (await http.call({ method: "GET", path: "/users/me", schema: userSchema })).id;
  } catch (error) {
    if (!(error instanceof ImmichError) || error.kind !== "forbidden") throw error;
  }
  for (const visibility of ["timeline", "archive"]) {
    const buckets = await http.call({
      method: "GET",
      path: `/timeline/buckets?visibility=${visibility}`,
      schema: timeBucketsSchema,
    });
    const [newest] = buckets;
    if (newest === undefined) continue;
    const bucket = await http.call({
      method: "GET",
      path: `/timeline/bucket?visibility=${visibility}&timeBucket=${
        new Date(newest.timeBucket).toISOString().slice(0, 10)
      }`,
      schema: timeBucketSchema,
    });
    if (bucket.ownerId[0] !== undefined) return bucket.ownerId[0];
  }
  return undefined;
}
