import {
  addAssets,
  assertCreated,
  createAlbum,
  type IdResult,
  removeAssets,
} from "../immich/albums.ts";
import type { Ids } from "../immich/id_set.ts";
import { ImmichError } from "../immich/immich_error.ts";
import type { ImmichHttp } from "../immich/http.ts";
import type { Done, FailedAsset } from "./summary.ts";
import { inAddingOrder } from "./adding_order.ts";
import type { Plan } from "./plan.ts";
import type { OnProgress } from "../system/progress.ts";

// The only module that changes anything on the server.

/** Ids in one request: 0.2 s of a 2-core server's time, so that a far smaller one needs no second. */
const CHUNK_SIZE = 3000;

/** What is done with ids, and which of Immich's words say that there was nothing left to do. */
const WAYS = {
  // It has got into the album since, or an answer was lost and the request repeated.
  add: { send: addAssets, step: "Adding", counted: "added", fine: "duplicate" },
  remove: { send: removeAssets, step: "Removing", counted: "removed", fine: "not_found" },
} as const;

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
    const album = await createAlbum(http, albumName);
    done.album = { id: album.id, created: true };
    await assertCreated(http, album, albumName);
  }
  for (const action of ["add", "remove"] as const) {
    await change(http, done.album.id, action, plan[action], done, stop, onProgress);
  }
  stop.throwIfAborted();
}

/** Sends the ids in chunks, in smaller ones from where a proxy finds them too large. */
async function change(
  http: ImmichHttp,
  albumId: string,
  action: FailedAsset["action"],
  ids: Ids,
  done: Done,
  stop: AbortSignal,
  onProgress?: OnProgress,
): Promise<void> {
  const { send, step, counted, fine } = WAYS[action];
  if (ids.size === 0) return;
  onProgress?.({ step, total: ids.size });
  const waiting = (action === "add" ? inAddingOrder(ids) : ids)[Symbol.iterator]();
  /** The only ids that are strings: 600,000 of them would take as much memory as all the rest. */
  let taken: string[] = [];
  let size = CHUNK_SIZE;
  for (;;) {
    stop.throwIfAborted();
    fill(taken, size, waiting);
    if (taken.length === 0) return;
    const chunk = taken.slice(0, size);
    let results: readonly IdResult[];
    try {
      results = await send(http, albumId, chunk);
    } catch (error) {
      if (chunk.length === 1 || statusOf(error) !== 413) throw explainGone(error);
      size = Math.ceil(chunk.length / 2);
      continue;
    }
    done[counted] += record(chunk, results, action, fine, done.failed);
    taken = taken.slice(chunk.length);
    onProgress?.({ done: chunk.length });
  }
}

function fill(taken: string[], size: number, waiting: Iterator<string>): void {
  while (taken.length < size) {
    const { done, value } = waiting.next();
    if (done === true) return;
    taken.push(value);
  }
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

function statusOf(error: unknown): number | undefined {
  return error instanceof ImmichError ? error.status : undefined;
}

/** Immich says 400 "Album not found" or "Not found or no … access", never 404. */
function explainGone(error: unknown): unknown {
  if (!(error instanceof ImmichError) || error.status !== 400) return error;
  return new ImmichError(
    "rejected",
    `Cannot change the album: ${error.message}`,
    "The album was deleted during the run, or it is no longer shared with you as editor. Check it in Immich and run again.",
    { cause: error },
  );
}
