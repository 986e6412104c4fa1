import type { Emulator } from "../emulator/mod.ts";
import { type Outcome, outcomeOf, type ProgramOptions, startProgram } from "./program.ts";

/** A run that is in the midst of its listing, and stays there until it is told to go on. */
export interface RunUnderWay {
  /** Lets it go on to its end. */
  readonly end: () => Promise<Outcome>;
}

/** Starts the program and returns when it is in the midst of its listing. */
export async function startUntilListing(
  emulator: Emulator,
  options: ProgramOptions,
): Promise<RunUnderWay> {
  const reached = Promise.withResolvers<void>();
  const goingOn = Promise.withResolvers<void>();
  emulator.faults.add({
    match: { path: /search/ },
    times: 1,
    fault: {
      kind: "before",
      run: () => {
        reached.resolve();
        return goingOn.promise;
      },
    },
  });
  const process = startProgram(options);
  await reached.promise;
  return {
    end: async () => {
      goingOn.resolve();
      return await outcomeOf(process);
    },
  };
}
