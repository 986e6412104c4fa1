import type { Logger } from "../system/log.ts";
import { ImmichError } from "./immich_error.ts";

/** Longest pause in milliseconds, unless the server asks for more. */
const LONGEST_MS = 30_000;
/** Longest pause in milliseconds, whatever the server asks for. */
export const MAX_PAUSE_MS = 60_000;
/** First pause in milliseconds; it doubles each time, jittered by up to 2. */
const FIRST_MS = 500;

export interface RetryOptions {
  /** How often it is tried again at most. */
  readonly retries: number;
  /** Ends it, a pause too: the reason is what is thrown then. */
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/** Tries again after a pause as long as what is thrown is an `ImmichError` that may pass. */
export async function retrying<T>(
  action: () => Promise<T>,
  { retries, stop, log }: RetryOptions,
): Promise<T> {
  for (let retry = 1;; retry++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ImmichError) || !error.retryable) throw error;
      if (stop.aborted) {
        log.warn(`${error.message} The run is stopping, so it is not retried.`);
        throw stop.reason;
      }
      if (retry > retries) throw error;
      const ms = Math.max(pauseBefore(retry), Math.min(error.retryAfterMs ?? 0, MAX_PAUSE_MS));
      const pause = (ms / 1000).toFixed(1);
      log.warn(`${error.message} Trying again in ${pause} s (retry ${retry} of ${retries}).`);
      await sleep(ms, stop);
    }
  }
}

/**
 * Milliseconds to wait before the nth retry (from 1). Ten of them add up to 150 to 180 seconds: a
 * server that starts anew is away for up to two minutes.
 */
export function pauseBefore(retry: number): number {
  return Math.min(FIRST_MS * 2 ** (retry - 1) * (1 + Math.random()), LONGEST_MS);
}

/** Resolves after `ms` milliseconds; rejects when told to stop. */
function sleep(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    stop.throwIfAborted(); // an abort before this has no event any more
    const onStop = () => {
      clearTimeout(timer);
      reject(stop.reason);
    };
    const timer = setTimeout(() => {
      stop.removeEventListener("abort", onStop);
      resolve();
    }, ms);
    stop.addEventListener("abort", onStop, { once: true });
  });
}
