import { resolve } from "node:path";
import { isDevice } from "../system/files.ts";
import { createRedactor } from "../system/redact.ts";
import { loadConfig } from "./load.ts";
import { envFilePaths, gatherSettings, processSurroundings, type Surroundings } from "./source.ts";
import { allVariables, environmentNames, variables } from "./variables.ts";

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
    if (all.some((envFile) => comesThroughPipe(surroundings, envFile))) {
      return () =>
        "(not shown: it may hold a secret of the configuration, which came in by a pipe)";
    }
    return createRedactor(
      all.flatMap((envFile) => loadConfig({ ...surroundings, envFile }).secrets),
    );
  } catch {
    return () => "(not shown: the configuration can't be read to tell what in it is secret)";
  }
}

/** A pipe gives its text only once: who reads it again gets nothing, or waits for ever. */
function comesThroughPipe(surroundings: Surroundings, envFile: string | undefined): boolean {
  if (envFilePaths(surroundings, envFile).some(isDevice)) return true;
  const { all } = gatherSettings(surroundings, environmentNames, envFile);
  const files = [
    ...allVariables.filter(({ orFromFile }) => orFromFile).map(({ name }) => `${name}_FILE`),
    variables.server.clientKey.name,
  ];
  return files.flatMap(all).some(({ baseDir, text }) => isDevice(resolve(baseDir, text.trim())));
}
