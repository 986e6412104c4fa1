import { ImmichError } from "./immich_error.ts";
import type { ImmichHttp } from "./http.ts";
import { userSchema } from "./schema.ts";
import { listMonths, readMonth } from "./timeline.ts";

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
    const scope = `visibility=${visibility}`;
    const [newest] = await listMonths(http, scope);
    if (newest === undefined) continue;
    const [ownerId] = (await readMonth(http, scope, newest.start)).ownerId;
    if (ownerId !== undefined) return ownerId;
  }
  return undefined;
}
