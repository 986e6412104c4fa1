import { resolve } from "node:path";
import { isDevice } from "../system/files.ts";
import { createRedactor } from "../system/redact.ts";
import { Reader } from "./reader.ts";
import { envFilePaths, gatherSettings, processSurroundings, type Settings } from "./source.ts";
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
    const options = envFiles.length === 0 ? [undefined] : envFiles;
    if (options.flatMap((option) => envFilePaths(surroundings, option)).some(isDevice)) {
      return PIPED;
    }
    const all = options.map((option) => gatherSettings(surroundings, environmentNames, option));
    if (all.flatMap(pathsOfSecrets).some(isDevice)) return PIPED;
    return createRedactor(all.flatMap((each) => new Reader(each, surroundings.cwd).secrets));
  } catch {
    return () => "(not shown: the configuration can't be read to tell what in it is secret)";
  }
}

/** A pipe gives its text only once: who reads it again gets nothing, or waits for ever. */
const PIPED = () =>
  "(not shown: it may hold a secret of the configuration, which came in by a pipe)";

function pathsOfSecrets({ all }: Settings): string[] {
  const names = [
    ...allVariables.filter(({ orFromFile }) => orFromFile).map(({ name }) => `${name}_FILE`),
    variables.server.clientKey.name,
  ];
  return names.flatMap(all).map(({ baseDir, text }) => resolve(baseDir, text.trim()));
}
