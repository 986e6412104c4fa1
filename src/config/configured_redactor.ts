import { loadConfig } from "./load.ts";
import { processSurroundings } from "./source.ts";
import { createRedactor } from "../system/redact.ts";

/**
 * Hides the secrets of the configuration in what is printed where no run has read it: wrong usage,
 * and the failure that nobody expected. Reads it anew for that. Never throws: when it can't be
 * read, nobody knows what is secret, and nothing of the text is shown.
 *
 * @param envFiles as of `--env-file`; none for the usual one
 */
export function createConfiguredRedactor(envFiles: readonly string[]): (text: string) => string {
  try {
    const surroundings = processSurroundings();
    const all = envFiles.length === 0 ? [undefined] : envFiles;
    return createRedactor(
      all.flatMap((envFile) => loadConfig({ ...surroundings, envFile }).secrets),
    );
  } catch {
    return () => "(not shown: the configuration can't be read to tell what in it is secret)";
  }
}
