import type { Summary } from "../sync/summary.ts";
import type { State } from "./state.ts";
import { EXIT } from "../exit_code.ts";

/**
 * The state after a run, whoever was told of it.
 *
 * @param now when the run ended, in milliseconds since 1970
 */
export function recordRun(before: State, summary: Summary, now: number): State {
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

/** What a run needs a person for: one reason is one trouble. */
function reasonOf({ error, guard, status }: Summary): string | null {
  return guard?.name ?? error?.name ?? (status === "partial" ? status : null);
}
