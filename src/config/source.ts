/** Where values come from: the environment, over an env file. */

import { dirname, join, resolve } from "node:path";
import { type EnvFile, parseEnvFile } from "./env_file.ts";
import type { Explanation } from "../errors.ts";
import { decodeText, readableByOthers, readSmallFile } from "../system/files.ts";
import { shown } from "../text.ts";

/** A larger file is none. */
export const MAX_ENV_FILE_BYTES = 1 << 20;

/** What a configuration depends on besides its files. */
export interface Surroundings {
  readonly cwd: string;
  readonly environment: (name: string) => string | undefined;
  /** Left out unless the program is compiled: the folder of `deno` is nobody's place for `.env`. */
  readonly executableFolder?: string | undefined;
  /** In place of an env file: what is about to be one. */
  readonly envText?: { readonly path: string; readonly text: string } | undefined;
}

/** The surroundings of this process. The only place that reads the environment. */
export function processSurroundings(): Surroundings {
  return {
    cwd: Deno.cwd(),
    environment: (name) => {
      // The executable has the permissions baked in, and asking for each takes 2 ms at start.
      if (Deno.build.standalone) return Deno.env.get(name);
      // Asked first, because reading without the permission throws, or even asks the terminal.
      const { state } = Deno.permissions.querySync({ name: "env", variable: name });
      return state === "granted" ? Deno.env.get(name) : undefined;
    },
    executableFolder: Deno.build.standalone
      ? dirname(Deno.realPathSync(Deno.execPath()))
      : undefined,
  };
}

export interface Problem {
  /** The variable or option that has to be changed. */
  readonly variable: string;
  readonly message: string;
  /** The variable that is set, and asks for this one, which is not. */
  readonly requiredBy?: string | undefined;
}

export interface Setting {
  readonly text: string;
  readonly from: "environment" | "file";
  /** Where in the env file it stands. */
  readonly line?: number | undefined;
  /** What relative paths in the value are relative to. */
  readonly baseDir: string;
}

export interface Settings {
  /** The env file in use, absolute. */
  readonly file: string | undefined;
  /** False when the env file could not be read: what is not set may well stand there. */
  readonly complete: boolean;
  /** Never an empty text: that counts as not set. */
  readonly get: (name: string) => Setting | undefined;
  /** All values of the name, also the one that is overridden. */
  readonly all: (name: string) => readonly Setting[];
  /** In the env file: all names of the environment may not be seen, by the permissions there are. */
  readonly unknownNames: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Explanation[];
}

/** Only the names of `known` are read from the environment, for `${NAME}` in the file too. */
export function gatherSettings(
  surroundings: Surroundings,
  known: readonly string[],
  envFile: string | undefined,
): Settings {
  const { cwd } = surroundings;
  const environment = new Map(known.map((name) => [name, surroundings.environment(name)]));
  const fromEnvironment = (name: string) => environment.get(name) || undefined;
  const found: FoundFile = surroundings.envText === undefined
    ? findEnvFile(surroundings, envFile)
    : { ...surroundings.envText, warnings: [] };
  const file = found.text === undefined
    ? undefined
    : understand(found.path, found.text, fromEnvironment, known);

  const all = (name: string): Setting[] => {
    const settings: Setting[] = [];
    const outer = fromEnvironment(name);
    const inner = file?.values.get(name);
    if (outer !== undefined) settings.push({ text: outer, from: "environment", baseDir: cwd });
    if (inner) {
      const line = file?.lines.get(name);
      settings.push({ text: inner, from: "file", line, baseDir: dirname(found.path) });
    }
    return settings;
  };
  return {
    file: file && found.path,
    complete: found.problem === undefined,
    get: (name) => all(name)[0],
    all,
    unknownNames: [...file?.values.keys() ?? []].filter((name) => !known.includes(name)),
    problems: found.problem === undefined ? [] : [found.problem],
    warnings: [...found.warnings, ...(file?.warnings ?? [])],
  };
}

interface FoundFile {
  readonly path: string;
  readonly text?: string;
  readonly problem?: Problem;
  readonly warnings: readonly Explanation[];
}

/** Where an env file may be, as of `--env-file` or else in the usual places; the first one counts. */
export function envFilePaths({ cwd, executableFolder }: Surroundings, option?: string): string[] {
  if (option !== undefined) return [resolve(cwd, option)];
  return [cwd, ...executableFolder === undefined ? [] : [executableFolder]]
    .map((folder) => join(folder, ".env"));
}

function findEnvFile(surroundings: Surroundings, option?: string): FoundFile {
  for (const path of envFilePaths(surroundings, option)) {
    const found = readEnvFile(path, option === undefined ? undefined : "--env-file");
    if (found !== undefined) return found;
  }
  return { path: surroundings.cwd, warnings: [] };
}

/** Undefined when there is none and `option` does not ask for it. */
function readEnvFile(path: string, option?: string): FoundFile | undefined {
  const label = option ?? ".env";
  const problem = (why: string): FoundFile => ({
    path,
    problem: {
      variable: label,
      message: `${label} must be a readable text file in UTF-8, not ${shown(path)}: ${why}`,
    },
    warnings: [],
  });
  const content = readSmallFile(path, MAX_ENV_FILE_BYTES);
  if (!content.ok) {
    // A folder named .env is a common one for Python's virtual environments.
    return option === undefined && content.reason !== "failed" ? undefined : problem(content.why);
  }
  const { bytes, mode } = content;
  const text = decodeText(bytes);
  if (text === undefined) {
    return problem(
      bytes.includes(0) ? "it has NUL bytes (saved as UTF-16?)" : "it is in another encoding",
    );
  }
  const warning = readableByOthers(path, mode, "may hold secrets");
  return { path, text, warnings: warning === undefined ? [] : [warning] };
}

function understand(
  path: string,
  text: string,
  lookup: (name: string) => string | undefined,
  known: readonly string[],
): Pick<EnvFile, "values" | "lines"> & { warnings: Explanation[] } {
  const { values, lines, unparsedLines, unresolved } = parseEnvFile(text, lookup);
  const warnings: Explanation[] = [];
  if (unparsedLines.length > 0) {
    const more = unparsedLines.length > 10 ? ", …" : "";
    warnings.push({
      message: `${shown(path)}: line ${unparsedLines.slice(0, 10).join(", ")}${more} ` +
        "can't be understood as NAME=value and was left out.",
      hint: "Correct it, or make it a comment with a # in front.",
    });
  }
  for (const { name, line } of unresolved) {
    if (!known.includes(name)) continue;
    warnings.push({
      message: `${shown(path)}: ${name} in line ${line} has a \${…} of a variable that is set ` +
        "neither in the lines above nor as one of this program's own in the environment: " +
        "taken as empty.",
      hint: "Set that variable in a line above, or write what it stands for in its place.",
    });
  }
  return { values, lines, warnings };
}
