import { ImmichError } from "../immich/immich_error.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { type Reader, workOff } from "../immich/read_all.ts";
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

/** How the best of what was found is looked at more closely. */
export interface LookInput {
  readonly aside: Aside;
  readonly reader: Pick<Reader, "onProgress">;
  /** How far apart neighbours may be, in milliseconds. */
  readonly withinMs: number;
  /** How many candidates are wanted. */
  readonly limit: number;
}

/** One thing is not asked for any longer than this, with all retries, in milliseconds. */
const MOST_MS = 60_000;
/** Requests under way at once, where many are asked for one asset each. */
const AT_ONCE = 4;

/**
 * Asset by asset a question costs 11 ms, and a page of 1,000 of the listing 70 ms on 3.2 and 100 ms
 * before: so many take less than a quarter of the time that reading 100,000 assets takes.
 */
const MOST_ASKED = { structured: 100, flat: 200, forAssets: 100_000 };

/** How many questions for one asset each may be asked beside the listing of so many assets. */
export function mostAsked({ structuredSearch }: Server, assets: number): number {
  return Math.floor(
    MOST_ASKED[structuredSearch ? "structured" : "flat"] *
      Math.max(1, assets / MOST_ASKED.forAssets),
  );
}

/**
 * The answer, or undefined, with a note, when there is none.
 *
 * @param what what will be missing, as the beginning of a sentence: "Stacks were not looked at"
 * @throws the reason of the stop signal when told to stop, and defects
 */
export async function askAside<T>(
  aside: Aside,
  what: string,
  ask: (signal: AbortSignal) => Promise<T>,
  mostMs = MOST_MS,
): Promise<T | undefined> {
  let answer: T | undefined;
  const why = await tryAside(aside, async (signal) => {
    answer = await ask(signal);
  }, mostMs);
  if (why !== undefined) aside.notes.push(`${what}: ${why}`);
  return answer;
}

/**
 * Asks as long as it may, for what can be of use even if it ends early.
 *
 * @returns why it ended early, as the end of a sentence; undefined when it did not
 * @throws the reason of the stop signal when told to stop, and defects
 */
export async function tryAside(
  { log, stop }: Aside,
  ask: (signal: AbortSignal) => Promise<void>,
  mostMs = MOST_MS,
): Promise<string | undefined> {
  try {
    await ask(AbortSignal.any([stop, AbortSignal.timeout(mostMs)]));
    return undefined;
  } catch (error) {
    stop.throwIfAborted();
    log.debug(error instanceof Error ? error.message : `${error}`);
    return reasonOf(error, mostMs);
  }
}

/**
 * Asks for each by itself, several at a time. The first failure ends it; what has come before is
 * there.
 *
 * @returns why it ended early, see {@link tryAside}
 */
export async function askForEach<T>(
  aside: Aside,
  items: readonly T[],
  ask: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<string | undefined> {
  const reader = { http: aside.http, concurrency: AT_ONCE };
  return await tryAside(
    aside,
    (signal) =>
      workOff(reader, items, (item, failed) => ask(item, AbortSignal.any([signal, failed]))),
  );
}

function reasonOf(error: unknown, mostMs: number): string {
  if (error instanceof ImmichError) {
    return error.permission === undefined
      ? `${error.message} ${error.hint}`
      : `the API key lacks ${error.permission}. Grant it to include them.`;
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `there was no answer within ${mostMs / 1000} s.`;
  }
  throw error;
}
