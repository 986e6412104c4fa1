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
 */
export async function countFacesOfNobody(
  http: ImmichHttp,
  albumId: string,
  readPeople: () => Promise<People>,
  log: Logger,
): Promise<number | null> {
  try {
    const { listed } = await readPeople();
    if (listed.length > MOST_PEOPLE) return null;
    const ids = listed.map(({ id }) => id);
    return await countAssets(http, {
      visibility: { in: ["timeline", "archive"] },
      albumIds: { any: [albumId] },
      hasPeople: { eq: true },
      // An empty list is a 400.
      ...(ids.length === 0 ? {} : { personIds: { none: ids } }),
    }, { retry: false, signal: AbortSignal.timeout(MOST_MS) });
  } catch (error) {
    log.debug(`Faces that belong to nobody were not counted: ${error}`);
    return null;
  }
}
