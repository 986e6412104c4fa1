/** What is to be started regularly, and what is made of that for each scheduler. */

import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../config/config.ts";
import type { Times } from "./times.ts";

export const NAME = "immich-faceless-sync";
export const DESCRIPTION = "Keeps an Immich album of all photos and videos that show no people";

/** Paths are absolute and of the system that the job is for. */
export interface Job {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Where logs and state files are written. */
  readonly writtenFolders: readonly string[];
  /** Who has to start it to be able to read the env file; undefined for root, and on Windows. */
  readonly user: string | undefined;
  readonly times: Times;
}

export interface ScheduleFile {
  readonly name: string;
  readonly content: string;
  /** How it is written; what is printed is UTF-8 always. */
  readonly encoding?: "utf-16le";
}

export interface Schedule {
  readonly files: readonly ScheduleFile[];
  /** One line; `folder` is where the files were written, undefined when they were printed. */
  readonly install: (folder: string | undefined) => string;
  readonly remove: string;
}

/** For text and attributes of XML, in ASCII, so that no encoding can spoil it. */
export function escapeXml(text: string): string {
  return text.replace(/[^ !#-%(-;=?-~]/gu, (char) => `&#${char.codePointAt(0)};`);
}

/** The command that starts this very program again, and where. */
export interface ThisProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** The working folder that it needs; undefined for any. */
  readonly folder: string | undefined;
}

/** The executable, or `deno task sync`, which works in the folder of deno.json only. */
export function thisProgram(): ThisProgram {
  if (Deno.build.standalone) return { program: Deno.execPath(), args: [], folder: undefined };
  const folder = fileURLToPath(new URL("../../", import.meta.url)).replace(/(?<=.)[\\/]$/, "");
  return { program: Deno.execPath(), args: ["task", "--quiet", "sync"], folder };
}

export interface JobInput {
  /** Of each run. */
  readonly configs: readonly Config[];
  /** The first env file in use, absolute; undefined when there is none. */
  readonly envFile: string | undefined;
  /** As they were given to this command: they are given to each run too. */
  readonly options: {
    readonly envFiles: readonly string[];
    readonly logLevel: string | undefined;
  };
  readonly folder: string;
  readonly times: Times;
}

export function describeJob(
  { program, args }: ThisProgram,
  { configs, envFile, options, folder, times }: JobInput,
): Job {
  return {
    program,
    args: [
      ...args,
      ...options.envFiles.flatMap((file) => ["--env-file", resolve(folder, file)]),
      ...options.logLevel === undefined ? [] : ["--log-level", options.logLevel],
    ],
    folder,
    writtenFolders: [
      ...new Set(configs.flatMap(({ log, statePath }) => [log.path, statePath].map(dirname))),
    ],
    user: ownerOf(envFile ?? folder),
    times,
  };
}

/** Its name, or its number when that has none; undefined for root, and where there are none. */
function ownerOf(path: string): string | undefined {
  const { uid } = Deno.statSync(path);
  if (uid === null || uid === 0) return undefined;
  return nameOfUser(uid) ?? String(uid);
}

function nameOfUser(uid: number): string | undefined {
  try {
    const lines = Deno.readTextFileSync(join("/etc", "passwd")).split("\n");
    return lines.map((line) => line.split(":")).find((fields) => fields[2] === String(uid))?.[0];
  } catch {
    return undefined; // users may be kept elsewhere; the number does as well
  }
}
