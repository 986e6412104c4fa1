import { localTime } from "../text.ts";
import type { Log } from "../system/log.ts";
import type { Stopper } from "./stopper.ts";

/** A clock that is set while the program waits is noticed this soon. */
const LOOK_MS = 30_000;

/**
 * Runs at once and then every `everyMs`, counted from the start of a run and never two at a time,
 * until a signal comes.
 *
 * @returns the exit code for that signal
 */
export async function repeat(
  everyMs: number,
  stopper: Stopper,
  runAll: () => Promise<{ readonly logs: readonly Log[] }>,
): Promise<number> {
  for (;;) {
    const next = Date.now() + everyMs;
    const { logs } = await runAll();
    if (stopper.exitCode !== undefined) return stopper.exitCode;
    const when = localTime(new Date(Math.max(next, Date.now())));
    for (const log of logs) log.logger.info(`The next run starts at ${when}.`);
    await waitUntil(next, everyMs, stopper);
    if (stopper.exitCode !== undefined) return stopper.exitCode;
  }
}

/** A clock that is set back makes nobody wait longer than `mostMs`. */
async function waitUntil(time: number, mostMs: number, stopper: Stopper): Promise<void> {
  const woken = Promise.withResolvers<void>();
  stopper.onStop = () => woken.resolve();
  const end = performance.now() + mostMs;
  while (stopper.exitCode === undefined) {
    const left = Math.min(time - Date.now(), end - performance.now());
    if (left <= 0) break;
    const pause = Promise.withResolvers<void>();
    const timer = setTimeout(pause.resolve, Math.min(left, LOOK_MS));
    await Promise.race([pause.promise, woken.promise]);
    clearTimeout(timer);
  }
  stopper.onStop = () => {};
}
