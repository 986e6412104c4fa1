import type { ImmichHttp } from "../immich/http.ts";
import { gatherPictures, noteOf } from "../report/gather.ts";
import type { Logger } from "../system/log.ts";
import { type MissedPage, renderMissed } from "./missed_page.ts";
import { number } from "../text.ts";

/** No page is larger, whatever the thumbnails weigh. */
export const MAX_PAGE_BYTES = 30_000_000;
/** What a picture needs beside its address: an id in quotes, and what separates it. */
const PICTURE_SPARE = 50;
/** The server is asked for pictures no longer than this, in milliseconds. */
const MOST_MS = 300_000;

/** Whom to ask for the pictures, and how. */
export interface PageInput {
  readonly http: ImmichHttp;
  readonly log: Logger;
  readonly stop: AbortSignal;
  readonly redact: (text: string) => string;
}

/**
 * The page with the thumbnails of the candidates and of their neighbours, as many as there is room
 * for; needs `asset.view` for them. What is missing is noted on the page and returned.
 */
export async function makeMissedPage(
  page: Omit<MissedPage, "pictures">,
  { http, log, stop, redact }: PageInput,
): Promise<{ readonly html: string; readonly notes: readonly string[] }> {
  const ids = [
    ...new Set(
      page.candidates.flatMap(({ id, evidence }) =>
        "asset" in evidence ? [id, evidence.asset.id] : [id]
      ),
    ),
  ];
  const nothing = new Map(ids.map((id) => [id, ""]));
  const bare = new TextEncoder().encode(renderMissed({ ...page, pictures: nothing }, redact));
  const room = MAX_PAGE_BYTES - bare.length - ids.length * PICTURE_SPARE;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(MOST_MS)]);
  const { found, ended } = await gatherPictures({ http, log, signal, redact }, ids, room);
  const missing = ids.length - found.size;
  const what = found.size === 0 ? "thumbnails" : `${number(missing)} thumbnails`;
  const notes = ended !== undefined
    ? [...page.notes, noteOf(what, ended, "30 MB")]
    : missing > 0
    ? [...page.notes, `${missing} of the pictures have no thumbnail that could be used.`]
    : page.notes;
  return { html: renderMissed({ ...page, notes, pictures: found }, redact), notes };
}
