import { EXIT, type StopExitCode } from "../exit_code.ts";

export type StopSignal = "SIGINT" | "SIGTERM" | "SIGBREAK";

/** Ctrl+Break is a key like Ctrl+C, hence its code. */
const EXIT_CODES: Readonly<Record<StopSignal, StopExitCode>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGBREAK: EXIT.interrupted,
};

/**
 * Calls `onStop` at the first signal that asks the program to end, so that it can finish what it
 * has begun. A second signal of any of these kinds ends the process at once, with its own code.
 *
 * @param os Windows knows no SIGTERM (`Deno.addSignalListener` throws for it), the others no
 *   SIGBREAK.
 * @returns Removes the listeners; a signal then ends the process as usual. May be called twice.
 */
export function listenForStop(
  onStop: (signal: StopSignal, exitCode: StopExitCode) => void,
  os: typeof Deno.build.os = Deno.build.os,
): () => void {
  const signals: readonly StopSignal[] = os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  let stopping = false;
  const listeners = signals.map((signal) => {
    const listener = () => {
      if (stopping) Deno.exit(EXIT_CODES[signal]);
      stopping = true;
      onStop(signal, EXIT_CODES[signal]);
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return () => listeners.splice(0).forEach((remove) => remove());
}
