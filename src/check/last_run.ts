import { type LastRun, readState, type State, type StateStore } from "../notify/state.ts";
import { type Finding, ok, warning } from "./finding.ts";
import { EXIT } from "../exit_code.ts";
import { count, localTime } from "../text.ts";

/** How the last run ended, by what it has left for the next one. */
export function checkLastRun(store: StateStore, logPath: string, now = Date.now()): Finding {
  const { state, problem } = readState(store);
  if (problem !== undefined) {
    return warning(
      "last run",
      `not known: ${problem}`,
      "The next run writes it anew, or says why it can't.",
    );
  }
  const { lastRun } = state;
  if (lastRun === null) return ok("last run", "none yet");
  const what = `${when(lastRun.endedAt, now)}: ${endOf(lastRun)}`;
  if (lastRun.exitCode === EXIT.ok) return ok("last run", what);
  return warning(
    "last run",
    [what, ...troubleOf(state, now), lastGood(state, now)].join(" "),
    `${logPath} says why; the next run tries again.`,
  );
}

function endOf({ exitCode, reason, added, removed, durationMs }: LastRun): string {
  switch (exitCode) {
    case EXIT.ok:
      return `Done in ${(durationMs / 1000).toFixed(1)} s: added ${added}, removed ${removed}.`;
    case EXIT.partial:
      return "Some assets could not be added or removed.";
    case EXIT.refused:
      return `Refused by ${reason}, nothing was changed.`;
    case EXIT.interrupted:
    case EXIT.terminated:
      return "Interrupted.";
    default:
      return reason === null ? "Failed." : `Failed (${reason}).`;
  }
}

function troubleOf({ trouble }: State, now: number): string[] {
  if (trouble === null || trouble.runs < 2) return [];
  return [`${trouble.runs} runs in a row have needed you, since ${when(trouble.since, now)}.`];
}

function lastGood({ lastGoodAt }: State, now: number): string {
  return lastGoodAt === null
    ? "There has been no good run yet."
    : `The last good run ended ${when(lastGoodAt, now)}.`;
}

function when(time: number, now: number): string {
  return `${localTime(new Date(time)).slice(0, 16)} (${ago(now - time)} ago)`;
}

function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return count(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
