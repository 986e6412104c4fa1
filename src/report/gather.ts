import { Buffer } from "node:buffer";
import { type AssetDetails, readAssetDetails, readThumbnail } from "../immich/asset_details.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { ImmichError } from "../immich/immich_error.ts";
import type { Logger } from "../system/log.ts";
import { count } from "../text.ts";

/** Of a page's room: for the notes on what it lacks. */
const NOTES_BYTES = 20_000;
/** Requests under way at once. */
const AT_ONCE = 4;
/** Thumbnails are not asked for again, but a server that fails so often in a row is left alone. */
const MOST_FAILED_PICTURES = 5;
/** One thumbnail is not worth more than this, in milliseconds. */
const PICTURE_TIMEOUT_MS = 20_000;

/** Whom to ask and when to stop. */
export interface Source {
  readonly http: ImmichHttp;
  readonly log: Logger;
  /** Ends the asking; what has come by then is used. */
  readonly signal: AbortSignal;
  /** Takes secrets out of what the server sends. */
  readonly redact: (text: string) => string;
}

/** What came, by the asset's id. */
export interface Gathered<T> {
  readonly found: ReadonlyMap<string, T>;
  /** Why the rest was not asked for. */
  readonly ended: Ending | undefined;
}

export type Ending =
  | { readonly why: "error"; readonly error: ImmichError }
  | { readonly why: "full" }
  | { readonly why: "signal" };

/** Names, dates and people of the assets; needs `asset.read`. Never throws for a failed request. */
export async function gatherDetails(
  source: Source,
  ids: readonly string[],
): Promise<Gathered<AssetDetails>> {
  return await gather(source, ids, 1, (id) => readAssetDetails(source.http, id, source.signal));
}

/** What a page gets at last: thumbnails as `data:` addresses by asset id, and what is missing. */
export interface Finish {
  readonly pictures: ReadonlyMap<string, string>;
  /** Sentences on what the page lacks, and why. */
  readonly notes: readonly string[];
}

/**
 * A page with the thumbnails of these assets, as many as there is room for; needs `asset.view`. What
 * is missing is noted. Never throws for a failed request.
 *
 * @param megabytes how large the page may get
 * @param notes what is known to be missing already
 */
export async function finishPage(
  source: Source,
  ids: readonly string[],
  megabytes: number,
  notes: readonly string[],
  render: (finish: Finish) => string,
): Promise<{ readonly html: string; readonly notes: readonly string[] }> {
  const empty = render({ pictures: new Map(ids.map((id) => [id, ""])), notes });
  const room = megabytes * 1e6 - NOTES_BYTES - new TextEncoder().encode(empty).length;
  const { found, ended } = await gatherPictures(source, ids, room);
  const missing = ids.length - found.size;
  const lack = found.size === 0
    ? "There are no thumbnails"
    : `${count(missing, "thumbnail is", "thumbnails are")} missing`;
  const shown = count(missing, "of the assets shown has", "of the assets shown have");
  const all = ended !== undefined
    ? [...notes, noteOf(lack, ended, megabytes)]
    : missing > 0
    ? [...notes, `${shown} no usable thumbnail.`]
    : notes;
  return { html: render({ pictures: found, notes: all }), notes: all };
}

/** @param room how many characters the addresses may have together */
async function gatherPictures(
  source: Source,
  ids: readonly string[],
  room: number,
): Promise<Gathered<string>> {
  let left = room;
  return await gather(source, ids, MOST_FAILED_PICTURES, async (id) => {
    const timeout = AbortSignal.timeout(PICTURE_TIMEOUT_MS);
    const bytes = await readThumbnail(source.http, id, AbortSignal.any([source.signal, timeout]));
    const address = pictureAddress(bytes, source.redact);
    if (address === undefined) return undefined;
    if (address.length > left) return FULL;
    left -= address.length;
    return address;
  });
}

const FULL = Symbol("full");

async function gather<T>(
  { signal, log }: Source,
  ids: readonly string[],
  mostFailures: number,
  read: (id: string) => Promise<T | undefined | typeof FULL>,
): Promise<Gathered<T>> {
  const found = new Map<string, T>();
  const waiting = ids.values();
  let ended: Ending | undefined;
  let failuresInRow = 0;
  const work = async () => {
    for (const id of waiting) {
      if (signal.aborted) ended ??= { why: "signal" };
      if (ended !== undefined) return;
      try {
        const value = await read(id);
        failuresInRow = 0;
        if (value === FULL) ended ??= { why: "full" };
        else if (value !== undefined) found.set(id, value);
      } catch (cause) {
        if (signal.aborted) {
          ended ??= { why: "signal" };
          return;
        }
        const error = explain(cause);
        log.debug(`For the report: ${error.message}`);
        if (isAboutOne(error)) continue;
        if (!error.retryable || ++failuresInRow >= mostFailures) ended ??= { why: "error", error };
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { found, ended };
}

/** @throws what is no failure of the request, but a defect */
function explain(cause: unknown): ImmichError {
  if (cause instanceof ImmichError) return cause;
  if (!(cause instanceof DOMException) || cause.name !== "TimeoutError") throw cause;
  const message = `A thumbnail did not arrive within ${PICTURE_TIMEOUT_MS / 1000} s.`;
  const hint = "Check the load of the server.";
  return new ImmichError("timeout", message, hint, { retryable: true, cause });
}

/** The asset is gone, or has no thumbnail, or an odd one: the next may be fine. */
function isAboutOne({ kind }: ImmichError): boolean {
  return kind === "rejected" || kind === "not-found" || kind === "answer";
}

/** What the page lacks, as the beginning of a sentence, and why. */
export function noteOf(lack: string, ended: Ending, megabytes?: number): string {
  switch (ended.why) {
    case "full":
      return `${lack}: the page is kept smaller than ${megabytes} MB.`;
    case "signal":
      return `${lack}: the run was stopped, or asking for them took too long.`;
    case "error": {
      const { message, hint, permission } = ended.error;
      if (permission !== undefined) {
        return `${lack}: the API key lacks the permission ${permission}. ${hint}`;
      }
      return `${lack}: ${message} ${hint}`;
    }
  }
}

/** First bytes of the kinds of picture that Immich makes thumbnails of, and of PNG. */
const KINDS: readonly { readonly type: string; readonly begins: (bytes: Buffer) => boolean }[] = [
  { type: "image/webp", begins: (bytes) => has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP") },
  { type: "image/jpeg", begins: (bytes) => has(bytes, 0, "\xff\xd8\xff") },
  { type: "image/png", begins: (bytes) => has(bytes, 0, "\x89PNG\r\n\x1a\n") },
];

function has(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString("latin1", at, at + text.length) === text;
}

/**
 * The file as a `data:` address, or undefined when it is no picture by its own first bytes,
 * whatever the server says it is, or has a secret in it.
 */
export function pictureAddress(
  bytes: Uint8Array,
  redact: (text: string) => string,
): string | undefined {
  const buffer = Buffer.from(bytes);
  const kind = KINDS.find(({ begins }) => begins(buffer));
  if (kind === undefined) return undefined;
  const text = buffer.toString("latin1");
  const address = `data:${kind.type};base64,${buffer.toString("base64")}`;
  return redact(text) === text && redact(address) === address ? address : undefined;
}
