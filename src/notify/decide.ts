import type { Summary } from "../sync/summary.ts";
import { EXIT, needsPerson } from "../exit_code.ts";
import { hasPassed } from "../system/interval.ts";
import type { State, Trouble } from "./state.ts";

/** When a person is told, by mail and webhook. */
export interface TellingRules {
  /** Only after so many runs in a row that needed one. */
  readonly after: number;
  /** Milliseconds between two messages about the same trouble; 0 tells of each run. */
  readonly remindMs: number;
  /** Also when the trouble is over. */
  readonly recovery: boolean;
}

/** What somebody is to be told. */
export interface News {
  readonly event: "trouble" | "reminder" | "recovery";
  /** When the trouble began, in milliseconds since 1970. */
  readonly since: number;
  /** In a row, that needed a person. */
  readonly runs: number;
}

export interface Decision {
  readonly news: News | undefined;
  /** What to keep for the next run as long as nobody has been told the news. */
  readonly untold: State;
  /** What to keep once somebody has. */
  readonly told: State;
}

/**
 * Who is told what of a run. One reason (the name of an error or of a guard) is one trouble: it is
 * told when it begins, then as a reminder. All that come without a good run between them end
 * together, which is told once, if any of them was.
 *
 * News that reached nobody is decided anew by the next run. A clock that was set back counts from
 * where it is now, so that no trouble is silent until it has caught up.
 *
 * @param now when the run ended, in milliseconds since 1970
 */
export function decide(
  before: State,
  summary: Summary,
  now: number,
  rules: TellingRules,
): Decision {
  const past = before.trouble === null ? null : notAfter(now, before.trouble);
  const state = { ...recordRun(before, summary, now), trouble: past };
  if (needsPerson(summary.exitCode)) {
    const trouble = { ...past ?? { since: now, told: {} }, runs: (past?.runs ?? 0) + 1 };
    return decideTrouble({ ...state, trouble }, trouble, now, rules);
  }
  // Interrupted: neither good nor bad.
  if (summary.exitCode !== EXIT.ok) return { news: undefined, untold: state, told: state };
  const over = { ...state, trouble: null };
  if (past === null || !rules.recovery || Object.keys(past.told).length === 0) {
    return { news: undefined, untold: over, told: over };
  }
  const { since, runs } = past;
  return {
    news: { event: "recovery", since, runs },
    untold: state,
    told: over,
  };
}

function decideTrouble(
  state: State,
  trouble: Trouble,
  now: number,
  { after, remindMs }: TellingRules,
): Decision {
  const { since, runs } = trouble;
  const reason = state.lastRun?.reason ?? "";
  const lastTold = trouble.told[reason];
  const isDue = runs >= after && (lastTold === undefined || hasPassed(remindMs, lastTold, now));
  if (!isDue) return { news: undefined, untold: state, told: state };
  return {
    news: { event: lastTold === undefined ? "trouble" : "reminder", since, runs },
    untold: state,
    told: { ...state, trouble: { ...trouble, told: { ...trouble.told, [reason]: now } } },
  };
}

function notAfter(now: number, trouble: Trouble): Trouble {
  const told = Object.entries(trouble.told).map(([reason, at]) => [reason, Math.min(at, now)]);
  return {
    since: Math.min(trouble.since, now),
    runs: trouble.runs,
    told: Object.fromEntries(told),
  };
}

/** The state after a run, whoever is told of it. */
function recordRun(before: State, summary: Summary, now: number): State {
  const { exitCode, added, removed, durationMs, strategy, assets } = summary;
  const isGood = exitCode === EXIT.ok;
  const hasScanned = (isGood || exitCode === EXIT.partial) && strategy === "scan" &&
    assets.read !== null;
  return {
    lastRun: { endedAt: now, exitCode, reason: reasonOf(summary), added, removed, durationMs },
    lastGoodAt: isGood ? now : before.lastGoodAt,
    lastScanAt: hasScanned ? now : before.lastScanAt,
    trouble: before.trouble,
  };
}

function reasonOf({ error, guard, status }: Summary): string | null {
  return guard?.name ?? error?.name ?? (status === "partial" ? status : null);
}
