import { ImmichError } from "../immich/immich_error.ts";
import type { ImmichHttp } from "../immich/http.ts";
import type { Server } from "../immich/server.ts";
import type { Logger } from "../system/log.ts";

/** What is asked beside the listing. It may fail: the page then says so, and what else was found stands. */
export interface Aside {
  readonly http: ImmichHttp;
  readonly server: Server;
  readonly log: Logger;
  readonly stop: AbortSignal;
  /** Sentences on what is missing, and why. */
  readonly notes: string[];
}

/** One question is not waited for longer than this, with all its retries, in milliseconds. */
const MOST_MS = 60_000;
/** Requests under way at once, where many are asked for one asset each. */
const AT_ONCE = 4;

/**
 * The answer, or undefined, with a note, when there is none.
 *
 * @param what what will be missing, as the beginning of a sentence: "Stacks were not looked at"
 * @throws the reason of the stop signal when told to stop, and defects
 */
export async function askAside<T>(
  { log, stop, notes }: Aside,
  what: string,
  ask: (signal: AbortSignal) => Promise<T>,
  mostMs = MOST_MS,
): Promise<T | undefined> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(mostMs)]);
  try {
    return await ask(signal);
  } catch (error) {
    stop.throwIfAborted();
    const why = reasonOf(error, mostMs);
    log.debug(`${what}: ${error instanceof Error ? error.message : error}`);
    notes.push(`${what}: ${why}`);
    return undefined;
  }
}

/** Does it for each, several at a time; the first failure ends it and is thrown. */
export async function forEach<T>(
  items: readonly T[],
  action: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const work = async () => {
    for (const item of waiting) {
      if (failed) return;
      await action(item);
    }
  };
  const workers = Array.from({ length: AT_ONCE }, () =>
    work().catch((error) => {
      failed = true;
      throw error;
    }));
  // All of them, so that nobody is at work when the caller goes on.
  for (const result of await Promise.allSettled(workers)) {
    if (result.status === "rejected") throw result.reason;
  }
}

function reasonOf(error: unknown, mostMs: number): string {
  if (error instanceof ImmichError) {
    return error.permission === undefined
      ? `${error.message} ${error.hint}`
      : `the API key lacks ${error.permission}. Grant it to the key to have them.`;
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `there was no answer within ${mostMs / 1000} s.`;
  }
  throw error;
}
