import type { Album } from "../immich/albums.ts";
import { countAssets } from "../immich/counts.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { MAX_PEOPLE_ASKED, type People } from "../immich/people.ts";
import { noneOf } from "../immich/search_page.ts";
import type { Server } from "../immich/server.ts";
import type { Logger } from "../system/log.ts";
import { number } from "../text.ts";
import type { Findings } from "./findings.ts";
import type { Facts } from "./summary.ts";

/** It is only for the summary: nobody waits longer for it, in milliseconds. */
const MOST_MS = 20_000;
/** With more assets than these it is worth looking at them. */
const WORTH_LOOKING = 10;

export interface FaceCountInput {
  readonly http: ImmichHttp;
  readonly server: Server;
  /** Undefined while it is still to be created. */
  readonly album: Album | undefined;
  readonly people: () => Promise<People>;
  readonly log: Logger;
  /** Whether probably nobody who is listed is in the album, as hourly runs find it. */
  readonly expectsNobody: boolean;
}

/** How many assets of the album have a face that belongs to nobody; null when it can't be told. */
export interface FaceCount {
  /** Begins to count, while the run is asking for other things. */
  readonly start: () => void;
  /** As the album was found. */
  readonly before: (findings: Findings) => Promise<number | null>;
  /** Once it has been changed; asks again where answers did not tell it of each asset. */
  readonly after: (
    findings: Findings,
    facts: Pick<Facts, "plan" | "done" | "unassignedFaces">,
  ) => Promise<number | null>;
}

/**
 * Needs a server with structured search, `person.read` and `asset.statistics`. Never rejects: nothing
 * depends on it.
 */
export function createFaceCount(input: FaceCountInput): FaceCount {
  const { server, album, expectsNobody } = input;
  let canTell = server.structuredSearch;
  let first: Promise<number | null> | undefined;
  const start = () => {
    if (canTell && album !== undefined) first ??= countFaces(input, album.id, expectsNobody);
  };
  return {
    start,
    before: async ({ foreign, unfit, unassigned }) => {
      // Of other owners' assets nobody's people are known here.
      canTell &&= foreign === 0;
      if (!canTell || unassigned !== undefined) return unassigned?.inAlbum ?? null;
      start();
      if (first === undefined || album === undefined) return null;
      let counted = await first;
      if (counted !== null && expectsNobody && unfit.size > 0) {
        counted = await countFaces(input, album.id);
      }
      // What could not be told, can't be told later: the key has not changed.
      canTell = counted !== null;
      return counted;
    },
    after: async ({ unassigned }, { plan, done, unassignedFaces }) => {
      if (done.album === undefined || done.added + done.removed === 0) return unassignedFaces;
      if (canTell) return await countFaces(input, done.album.id);
      if (unassignedFaces === null) return null;
      const failed = new Set(done.failed.map(({ id }) => id));
      let arrived = 0;
      for (const id of unassigned?.missing ?? []) {
        if (plan.add.has(id) && !failed.has(id)) arrived++;
      }
      return unassignedFaces + arrived;
    },
  };
}

/**
 * @param nobodyListed in an album that shows nobody who is listed, any face is one of nobody: that
 *   is asked while the people are still being read, of which the server has a core to spare
 */
async function countFaces(
  { http, people, log }: FaceCountInput,
  albumId: string,
  nobodyListed = false,
): Promise<number | null> {
  const count = (none: readonly string[]) =>
    countAssets(http, {
      visibility: { in: ["timeline", "archive"] },
      albumIds: { any: [albumId] },
      hasPeople: { eq: true },
      ...noneOf(none),
    }, { retry: false, signal: AbortSignal.timeout(MOST_MS) });
  try {
    if (nobodyListed) return (await Promise.all([count([]), people()]))[0];
    const { listed } = await people();
    return listed.length > MAX_PEOPLE_ASKED ? null : await count(listed.map(({ id }) => id));
  } catch (error) {
    log.debug(`Unassigned faces were not counted: ${error}`);
    return null;
  }
}

/** Suggests `missed` where it may find somebody. */
export function tellFaces(log: Logger, faces: number | null): void {
  if (faces === null || faces <= WORTH_LOOKING) return;
  log.info(
    `${number(faces)} assets in the album have an unassigned face; ` +
      "run immich-faceless-sync missed to see whom recognition may have missed.",
  );
}
