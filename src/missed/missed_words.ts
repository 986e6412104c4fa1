import type { Reason } from "./candidates.ts";
import type { Shown } from "./asset_table.ts";
import type { FoundCandidate } from "./missed_document.ts";
import { count } from "../text.ts";

/** More people of one asset are not named. */
const MOST_NAMED = 3;

/** Why this one, in words: "4 s after IMG_2041.jpg, which shows Anna". */
export function explain(candidate: FoundCandidate): string {
  switch (candidate.reason) {
    case "face": {
      const { count } = candidate.evidence;
      return count === null || count < 2 ? "An unassigned face" : `${count} unassigned faces`;
    }
    case "duplicate": {
      const { asset, people } = candidate.evidence;
      return `Duplicate of ${asset.fileName}, which shows ${namesOf(people)}`;
    }
    case "stack": {
      const { asset, people } = candidate.evidence;
      return `Stacked with ${asset.fileName}, which shows ${namesOf(people)}`;
    }
    case "neighbour": {
      const { asset, people, seconds, shown, of } = candidate.evidence;
      const row = of > 1
        ? `; ${shown} of ${of} nearby ${shown === 1 ? "shows" : "show"} people`
        : "";
      return `${distance(seconds)} ${asset.fileName}, which shows ${namesOf(people)}${row}`;
    }
    case "smart": {
      const { query, rank, around } = candidate.evidence;
      return `Candidate ${rank} for “${query}”; in the whole library, ${Math.round(around)} % of ` +
        "those ranked around it show people";
    }
  }
}

function distance(seconds: number): string {
  if (seconds === 0) return "At the same time as";
  const length = Math.abs(seconds);
  const text = length < 1
    ? "Less than 1 s"
    : length < 100
    ? `${Math.round(length)} s`
    : `${Math.round(length / 60)} min`;
  return `${text} ${seconds > 0 ? "after" : "before"}`;
}

/** "Anna", "Anna and Ben", "Anna, Ben and 3 others", "somebody" who has no name. */
export function namesOf(people: readonly Shown[]): string {
  const named = people.map(({ name }) => name.trim()).filter((name) => name !== "");
  const [first] = named;
  if (first === undefined) return people.length > 1 ? `${people.length} people` : "somebody";
  const shown = named.slice(0, people.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED);
  const others = people.length - shown.length;
  const words = [
    ...shown,
    ...others === 0 ? [] : [others === 1 ? "somebody else" : `${others} others`],
  ];
  const last = words.pop() ?? first;
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}

/** Heading of a section of the page, and a sentence on what is in it. */
export const REASON_WORDS: Readonly<Record<Reason, { heading: string; lead: string }>> = {
  face: {
    heading: "Unassigned faces",
    lead: "Immich has found a face here and has not assigned it to anybody. Statues, posters and " +
      "strangers have faces too.",
  },
  duplicate: {
    heading: "Duplicates of pictures with people",
    lead: "Immich takes these for duplicates of pictures on which it has recognised people.",
  },
  stack: {
    heading: "Stacked with pictures of people",
    lead: "Another picture in the same stack shows people.",
  },
  neighbour: {
    heading: "Taken near pictures of people",
    lead: "Pictures taken just before or after show people. Those in the middle of a burst come " +
      "first: often somebody only looked away.",
  },
  smart: {
    heading: "Looks like a person",
    lead: "Smart search ranks these among pictures of people. Dolls, shadows and coats on a hook " +
      "can look like people too.",
  },
};

/** "3 faces, 2 duplicates, 31 neighbours": what there is of each reason, without what there is not. */
export function countsInWords(counts: Readonly<Record<Reason, number>>): string {
  const parts = NAMES.filter(([reason]) => counts[reason] > 0).map(([reason, one, many]) =>
    count(counts[reason], one, many)
  );
  return parts.join(", ");
}

const NAMES: readonly (readonly [Reason, string, string])[] = [
  ["face", "with an unassigned face", "with unassigned faces"],
  ["duplicate", "duplicate", "duplicates"],
  ["stack", "in a stack", "in stacks"],
  ["neighbour", "near a picture of people", "near pictures of people"],
  ["smart", "by smart search", "by smart search"],
];
