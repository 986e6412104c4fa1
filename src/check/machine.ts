import { dirname } from "node:path";
import { type Finding, ok, problem, warning } from "./finding.ts";
import type { Config } from "../config/config.ts";
import type { ConfigResult } from "../config/load.ts";
import { EXIT } from "../exit_code.ts";
import { type LastRun, readState, type State, type StateStore } from "../notify/state.ts";
import { lockKey } from "../sync/run.ts";
import {
  icaclsFor,
  isDevice,
  PART_IS_FILE,
  reasonOf,
  statIfThere,
  tryToWrite,
} from "../system/files.ts";
import { obstacleIn } from "../system/log_file.ts";
import { isLocked } from "../system/lock.ts";
import type { LogConfig } from "../system/log_format.ts";
import { count, localTime, span } from "../text.ts";

/** What reading the configuration told: every problem and every warning, or that all is well. */
export function checkConfiguration(
  loaded: ConfigResult,
  os: typeof Deno.build.os = Deno.build.os,
): Finding[] {
  const { file, origins } = loaded;
  const findings: Finding[] = [];
  if (!loaded.ok) {
    for (const { message } of loaded.problems) {
      findings.push(problem("configuration", sentence(message), loaded.hint));
    }
  }
  for (const { message, hint } of loaded.warnings) {
    findings.push(warning("configuration", message, hint));
  }
  const rights = file !== undefined && os === "windows" ? [checkRights(file)] : [];
  if (findings.length > 0) return [...findings, ...rights];
  const fromEnvironment = origins.filter(({ from }) => from === "environment").length;
  const sources = [
    ...file === undefined ? [] : [file],
    ...fromEnvironment === 0 ? [] : [count(fromEnvironment, "environment variable")],
  ];
  return [ok("configuration", `valid, from ${sources.join(" and ")}`), ...rights];
}

/** File modes mean nothing on Windows, and its rights take a program of its own to be seen. */
function checkRights(file: string): Finding {
  return ok(
    "configuration",
    `who can read ${file} is not checked on Windows; to keep it to yourself and SYSTEM, ` +
      `in a Command Prompt (cmd): ${icaclsFor(file)}`,
  );
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

/**
 * Whether a run could write its log. The log itself is not touched; in its folder, where rotation
 * needs to make files, one is made and taken away again.
 */
export function checkLogFile({ path }: LogConfig): Finding {
  try {
    if (isDevice(path)) {
      return ok("log file", `${path} is a device, so the log goes to the console only`);
    }
    const info = statIfThere(path);
    const obstacle = obstacleIn(path);
    if (obstacle !== undefined) throw new Error(obstacle);
    if (info?.isFile) Deno.openSync(path, { append: true }).close();
    const folder = nearestFolder(dirname(path));
    tryToWrite(folder);
    const what = info !== undefined
      ? "can be written"
      : folder === dirname(path)
      ? "will be created by the first run"
      : "will be created by the first run, with its folder";
    return ok("log file", `${path} ${what}`);
  } catch (error) {
    return warning(
      "log file",
      `${path} cannot be written or rotated: ${
        reasonOf(error)
      }; a run would log to the console only`,
      "Set LOG_FILE_PATH to a file in a writable folder, or allow this user to write there.",
    );
  }
}

/** The folder itself, or the one in which the missing folders would be made. */
function nearestFolder(folder: string): string {
  const info = statIfThere(folder);
  if (info?.isDirectory) return folder;
  if (info !== undefined) throw new Error(PART_IS_FILE);
  const parent = dirname(folder);
  if (parent === folder) throw new Error("there is no such drive");
  return nearestFolder(parent);
}

/** How the last run ended, by what it has left for the next one. */
export function checkLastRun(store: StateStore, logPath: string, now = Date.now()): Finding {
  const { state, problem } = readState(store);
  if (problem !== undefined) {
    return warning(
      "last run",
      `unknown: ${problem}`,
      "The next run replaces the file, or says why it cannot.",
    );
  }
  const { lastRun } = state;
  if (lastRun === null) return ok("last run", "none yet");
  const what = `${when(lastRun.endedAt, now)}: ${endOf(lastRun)}`;
  if (lastRun.exitCode === EXIT.ok) return ok("last run", what);
  return warning(
    "last run",
    [what, ...troubleOf(state, now), lastGood(state, now)].join(" "),
    `See ${logPath} for the reason; the next run tries again.`,
  );
}

function endOf({ exitCode, reason, added, removed, durationMs }: LastRun): string {
  switch (exitCode) {
    case EXIT.ok:
      return `Done in ${(durationMs / 1000).toFixed(1)} s: added ${added}, removed ${removed}.`;
    case EXIT.partial:
      return "Some assets could not be added or removed.";
    case EXIT.refused:
      return `Refused by ${reason}; nothing was changed.`;
    case EXIT.interrupted:
    case EXIT.terminated:
      return "Interrupted.";
    default:
      return reason === null ? "Failed." : `Failed (${reason}).`;
  }
}

function troubleOf({ trouble }: State, now: number): string[] {
  if (trouble === null || trouble.runs < 2) return [];
  return [
    `${trouble.runs} runs in a row have needed your attention, since ${when(trouble.since, now)}.`,
  ];
}

function lastGood({ lastGoodAt }: State, now: number): string {
  return lastGoodAt === null
    ? "No run has succeeded yet."
    : `The last successful run ended ${when(lastGoodAt, now)}.`;
}

function when(time: number, now: number): string {
  return `${localTime(new Date(time)).slice(0, 16)} (${span(now - time)} ago)`;
}

/** Whether a run of this album is under way on this machine. */
export async function checkLock(config: Config, folder: string): Promise<Finding> {
  const locked = await isLocked(lockKey(config), folder);
  if (typeof locked === "object") {
    return warning(
      "lock",
      `cannot lock, so a second run could start at the same time: ${locked.reason}`,
      `Allow this user to create and write files in ${folder}.`,
    );
  }
  return ok(
    "lock",
    locked
      ? `a run of this album is under way; a second one would exit at once (exit code ${EXIT.busy})`
      : "no run of this album is under way",
  );
}
