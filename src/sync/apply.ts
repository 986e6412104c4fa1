import { addAssets, createAlbum, type IdResult, removeAssets } from "../immich/albums.ts";
import { ImmichError } from "../immich/errors.ts";
import type { ImmichHttp } from "../immich/http.ts";
import type { Done, FailedAsset } from "./done.ts";
import type { Plan } from "./plan.ts";
import type { OnProgress } from "./progress.ts";

// The only module that changes anything on the server.

/** Ids in one request: 0.2 s of a 2-core server's time, so that a far smaller one needs no second. */
const CHUNK_SIZE = 3000;

/**
 * Creates the album if it is still to be, adds, then removes. A stop signal lets the request in
 * flight finish.
 *
 * @param done is filled in as the server confirms
 * @throws ImmichError when a request failed for good; the reason of `stop` when told to stop
 */
export async function apply(
  http: ImmichHttp,
  albumName: string,
  plan: Plan,
  done: Done,
  stop: AbortSignal,
  onProgress?: OnProgress,
): Promise<void> {
  stop.throwIfAborted();
  if (done.album === undefined) {
    const { id } = await createAlbum(http, albumName);
    done.album = { id, created: true };
  }
  const albumId = done.album.id;
  if (plan.add.length > 0) onProgress?.({ step: "Adding", total: plan.add.length });
  for (const ids of chunks(plan.add)) {
    stop.throwIfAborted();
    // "duplicate": it has got into the album since, or an answer was lost and the request repeated.
    const results = await explainGone(() => addAssets(http, albumId, ids));
    done.added += record(ids, results, "add", "duplicate", done.failed);
    onProgress?.({ done: ids.length });
  }
  if (plan.remove.length > 0) onProgress?.({ step: "Removing", total: plan.remove.length });
  for (const ids of chunks(plan.remove)) {
    stop.throwIfAborted();
    const results = await explainGone(() => removeAssets(http, albumId, ids));
    done.removed += record(ids, results, "remove", "not_found", done.failed);
    onProgress?.({ done: ids.length });
  }
  stop.throwIfAborted();
}

/** Looks at the result of each id; returns how many are as they should be now. */
function record(
  ids: readonly string[],
  results: readonly IdResult[],
  action: FailedAsset["action"],
  fine: string,
  failed: FailedAsset[],
): number {
  const byId = new Map(results.map((result) => [result.id, result]));
  let right = 0;
  for (const id of ids) {
    const result = byId.get(id);
    if (result?.success === true || result?.error === fine) right++;
    else failed.push({ id, action, error: result?.error ?? "no_answer" });
  }
  return right;
}

/** Immich says 400 "Album not found" or "Not found or no … access", never 404. */
async function explainGone<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof ImmichError) || error.kind !== "rejected") throw error;
    throw new ImmichError(
      "rejected",
      `The album can't be changed: ${error.message}`,
      "The album was deleted during the run, or it is not shared with you as editor any more. Check it in Immich and run again.",
      { cause: error },
    );
  }
}

function* chunks(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += CHUNK_SIZE) {
    yield ids.slice(start, start + CHUNK_SIZE);
  }
}
