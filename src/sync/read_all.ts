import type { ImmichHttp } from "../immich/http.ts";
import type { Asset } from "../immich/asset.ts";
import { listAssets } from "../immich/search.ts";
import type { AssetQuery } from "../immich/search_page.ts";
import type { Server } from "../immich/server.ts";
import type { OnProgress } from "./progress.ts";
import { ALL_TIME, type TimeRange } from "../immich/time_range.ts";

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
  readonly look: (asset: Asset) => void;
}

/**
 * Reads the lists, several windows at once. When the server is strained (answers slowly, or has to
 * be asked again), fewer go on. The first failure ends all of them.
 *
 * @throws ImmichError when a list failed or can't be trusted
 */
export async function readAll(
  { http, server, concurrency, onProgress }: Reader,
  readings: readonly Reading[],
): Promise<void> {
  const failed = new AbortController();
  const waiting = readings.flatMap(({ query, look, ranges = [ALL_TIME] }) =>
    ranges.map((range) => ({ query, look, range }))
  );
  const strainBefore = http.strain;
  const worker = async (index: number) => {
    // Each sign of strain retires one worker; the first one always goes on.
    while (index === 0 || index < concurrency - (http.strain - strainBefore)) {
      const task = waiting.shift();
      if (task === undefined) return;
      const { query, look, range } = task;
      const pages = listAssets(http, server, query, { range, signal: failed.signal });
      for await (const page of pages) {
        page.forEach(look);
        onProgress?.({ done: page.length });
      }
    }
  };
  const count = Math.min(concurrency, waiting.length);
  const workers = Array.from({ length: count }, (_, index) => worker(index));
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(workers);
    throw error;
  }
}
