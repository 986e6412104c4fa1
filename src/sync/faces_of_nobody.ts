import { countAssets } from "../immich/counts.ts";
import type { ImmichHttp } from "../immich/http.ts";
import type { People } from "../immich/people.ts";
import type { Logger } from "../system/log.ts";

/** More people than these do not fit well into one question. */
const MOST_PEOPLE = 10_000;
/** It is only for the summary: nobody waits longer for it, in milliseconds. */
const MOST_MS = 20_000;

/**
 * How many assets of an album have a face that belongs to nobody who is listed; asks a server with
 * structured search, and needs `person.read` and `asset.statistics`. The album must be of own assets
 * only: of other people's nobody is listed here. Null when it can't be told.
 *
 * Never rejects: nothing depends on it.
 *
 * @param nobodyListed in an album that shows nobody who is listed, any face is one of nobody: that
 *   is asked while the people are still being read, of which the server has a core to spare
 */
export async function countFacesOfNobody(
  http: ImmichHttp,
  albumId: string,
  readPeople: () => Promise<People>,
  log: Logger,
  nobodyListed = false,
): Promise<number | null> {
  const count = (none: readonly string[]) =>
    countAssets(http, {
      visibility: { in: ["timeline", "archive"] },
      albumIds: { any: [albumId] },
      hasPeople: { eq: true },
      // An empty list is a 400.
      ...(none.length === 0 ? {} : { personIds: { none } }),
    }, { retry: false, signal: AbortSignal.timeout(MOST_MS) });
  try {
    if (nobodyListed) return (await Promise.all([count([]), readPeople()]))[0];
    const { listed } = await readPeople();
    return listed.length > MOST_PEOPLE ? null : await count(listed.map(({ id }) => id));
  } catch (error) {
    log.debug(`Faces that belong to nobody were not counted: ${error}`);
    return null;
  }
}
