import type { StopExitCode } from "../exit_code.ts";
import { listenForStop, type StopSignal } from "../system/signals.ts";

/** Listens for the signals that ask the program to end, and tells whoever is at work. */
export class Stopper {
  /** Once a signal has come: what the process is to end with. */
  exitCode: StopExitCode | undefined;
  /** Told of the signal; who is at work sets it. */
  onStop: (signal: StopSignal, exitCode: StopExitCode) => void = () => {};
  /** A signal then ends the process as usual. */
  readonly close: () => void;

  constructor() {
    this.close = listenForStop((signal, exitCode) => {
      this.exitCode = exitCode;
      this.onStop(signal, exitCode);
    });
  }
}
