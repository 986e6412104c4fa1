/** What is to be started regularly, and what is made of that for each scheduler. */

import type { Times } from "./times.ts";

export const NAME = "immich-faceless-sync";
export const DESCRIPTION = "Keeps an Immich album equal to the set of assets that show nobody";

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
