import type { ListKind } from "./contents.ts";
import type { Summary } from "../sync/summary.ts";
import { number } from "../text.ts";

// What the report calls things, by how the run went.

/** The lists are of what was done, or only of what was to be done. */
function isDone({ status, dryRun }: Summary): boolean {
  return !dryRun && (status === "ok" || status === "partial");
}

/** The short word for the state of the run, and its colour. */
export function stateOf(summary: Summary): { text: string; tone: "good" | "warn" | "bad" } {
  const { status, dryRun, exitCode, guard } = summary;
  switch (status) {
    case "ok":
      return { text: dryRun ? "Dry run: nothing was changed" : "Done", tone: "good" };
    case "partial":
      return { text: "Partly done", tone: "warn" };
    case "refused":
      return { text: `Refused by ${guard?.name ?? "a guard"}`, tone: "warn" };
    case "busy":
      return { text: "Another run is under way", tone: "warn" };
    case "failed":
      return { text: exitCode === 1 ? "Failed" : "Stopped", tone: "bad" };
  }
}

/** The sentence above everything else. */
export function headlineOf(summary: Summary, totals: Readonly<Record<ListKind, number>>): string {
  const { status, dryRun, failed } = summary;
  if (status === "busy") return "Nothing was done";
  if (status === "failed") {
    const done = `${number(summary.added)} added, ${number(summary.removed)} removed`;
    const end = summary.exitCode === 1 ? "The sync failed" : "The sync was stopped";
    return dryRun || summary.added + summary.removed === 0 ? end : `${end}: ${done}`;
  }
  if (status === "refused" || dryRun) {
    if (totals.add + totals.remove === 0) return "Nothing to change";
    return `${number(totals.add)} to add, ${number(totals.remove)} to remove`;
  }
  if (summary.added + summary.removed + failed.length === 0) return "Nothing had to change";
  const failures = failed.length === 0 ? "" : `, ${number(failed.length)} failed`;
  return `${number(summary.added)} added, ${number(summary.removed)} removed${failures}`;
}

/** Heading of a list, and a sentence on what is in it. */
export function wordsOf(kind: ListKind, summary: Summary): { heading: string; lead: string } {
  const done = isDone(summary);
  const so = done ? "" : summary.status === "failed" ? "To be " : "Would be ";
  const heading = (word: string) => so === "" ? word : so + word.toLowerCase();
  const early = (done: number) =>
    summary.status === "failed" && !summary.dryRun
      ? ` When the run ended, ${number(done)} of them had been.`
      : "";
  switch (kind) {
    case "add":
      return {
        heading: heading("Added"),
        lead: `They belong to the album and ${done ? "were" : "are"} not in it.` +
          early(summary.added),
      };
    case "remove":
      return {
        heading: heading("Removed"),
        lead: `They ${done ? "were" : "are"} in the album and don't belong to it. ` +
          `Removed from the album only: nothing is deleted.${early(summary.removed)}`,
      };
    case "failed":
      return {
        heading: "Failed",
        lead: "Immich did not add or remove these; the next run tries again.",
      };
    case "heldBack":
      return {
        heading: "Held back",
        lead: "They belong to the album, but are younger than MIN_ASSET_AGE: " +
          "faces may still be found on them.",
      };
  }
}

/** Immich's words for why an asset could not be changed. */
export function failureText(action: "add" | "remove", error: string): string {
  return `Not ${action === "add" ? "added" : "removed"}: ${FAILURES.get(error) ?? error}`;
}

const FAILURES = new Map([
  ["no_permission", "Immich did not allow it (no_permission)"],
  ["not_found", "Immich did not find it (not_found)"],
  ["no_answer", "Immich gave no answer for it"],
]);
