import type { Emulator } from "../emulator/mod.ts";
import { type ProgramOptions, startProgram } from "./program.ts";

/** Starts the program and returns when it is in the midst of its listing, for `ms` at least. */
export async function startUntilListing(
  emulator: Emulator,
  options: ProgramOptions,
  ms = 1500,
): Promise<Deno.ChildProcess> {
  const reached = Promise.withResolvers<void>();
  emulator.faults.add({
    match: { path: /search/ },
    times: 1,
    fault: { kind: "before", run: () => reached.resolve() },
  });
  emulator.faults.add({ match: { path: /search/ }, times: 1, fault: { kind: "delay", ms } });
  const process = startProgram(options);
  await reached.promise;
  return process;
}
