import type { OnProgress } from "../system/progress.ts";
import type { Asset } from "./asset.ts";
import type { ImmichHttp } from "./http.ts";
import { listAssets } from "./search.ts";
import type { AssetQuery } from "./search_page.ts";
import type { Server } from "./server.ts";
import { ALL_TIME, type TimeRange } from "./time_range.ts";

/** Whom to ask, and with how many requests at once. */
export interface Reader {
  readonly http: ImmichHttp;
  readonly server: Server;
  readonly concurrency: number;
  readonly onProgress?: OnProgress | undefined;
}

/** One list to read, in ranges of time that several requests can work on at once. */
export interface Reading {
  readonly query: AssetQuery;
  readonly ranges?: readonly TimeRange[];
  /** Gets the assets of one answer, in an array that is emptied afterwards. */
  readonly look: (assets: readonly Asset[]) => void;
}

/**
 * Reads the lists, several windows at once, see {@link workOff}.
 *
 * @throws ImmichError when a list failed or can't be trusted
 */
export async function readAll(reader: Reader, readings: readonly Reading[]): Promise<void> {
  const { http, server, onProgress } = reader;
  const tasks = readings.flatMap(({ query, look, ranges = [ALL_TIME] }) =>
    ranges.map((range) => ({ query, look, range }))
  );
  await workOff(reader, tasks, async ({ query, look, range }, signal) => {
    for await (const page of listAssets(http, server, query, { range, signal })) {
      look(page);
      onProgress?.({ done: page.length });
      // Nobody needs it any more. Kept until the next one is there, it grows old, and V8 clears old
      // objects away late: they took up to 30 MB.
      page.length = 0;
    }
  });
}

/**
 * Does the tasks in their order, as many at once as may be. When the server is strained (answers
 * slowly, or has to be asked again), fewer go on. The first failure ends all of them.
 */
export async function workOff<T>(
  { http, concurrency }: Pick<Reader, "http" | "concurrency">,
  tasks: readonly T[],
  work: (task: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const waiting = tasks.values();
  const strainBefore = http.strain;
  const worker = async (index: number) => {
    // Each sign of strain retires one worker; the first one always goes on.
    while (index === 0 || index < concurrency - (http.strain - strainBefore)) {
      const { done, value } = waiting.next();
      if (done === true) return;
      await work(value, failed.signal);
    }
  };
  const count = Math.min(concurrency, tasks.length);
  const workers = Array.from({ length: count }, (_, index) => worker(index));
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
}
