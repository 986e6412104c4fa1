import type { People } from "../immich/people.ts";
import type { Person } from "../immich/schema.ts";
import type { SearchFilter, StructuredQuery } from "../immich/search_page.ts";
import type { Rule, Scope } from "./rule.ts";
import type { TallyInput } from "./tally.ts";

/** What a server of 3.2 or later is asked; the questions find more than the differences, never less. */
export interface Differences {
  /** Not in the album, and nobody who counts and is listed among the people is on it. */
  readonly missing: StructuredQuery;
  /** In the album, and something about it may be against that. */
  readonly doubtful: StructuredQuery;
  /** Those of `doubtful` that certainly don't belong, unless they are somebody else's. */
  readonly unfit: SearchFilter;
  /** The others of `doubtful`, if there can be any: only their answers tell. */
  readonly uncertain: StructuredQuery | undefined;
}

/** The types of assets that Immich takes in; it also has names for others. */
const STORED_TYPES = ["IMAGE", "VIDEO"] as const;

/**
 * When there are people whom the server does not list, "none of the people" also finds assets that
 * show only these, and "any of the people" misses them: what is in doubt is then everything in the
 * album with a face.
 */
export function differences(
  { scope, includePartners }: TallyInput,
  albumId: string,
  people: People,
): Differences {
  const shown = scope.includeArchived ? ["timeline", "archive"] as const : ["timeline"] as const;
  const notShown = scope.includeArchived ? ["hidden"] as const : ["archive", "hidden"] as const;
  const otherTypes = STORED_TYPES.filter((type) => !scope.assetTypes.has(type));
  const { ids, nobody, somebody, perhaps } = conditions(
    scope,
    people,
    includePartners,
  );
  const counting = new Set(ids);
  const inAlbum = { albumIds: { any: [albumId] } };
  const outOfScope: SearchFilter[] = [
    { visibility: { in: notShown } },
    ...otherTypes.length === 0 ? [] : [{ type: { in: otherTypes } }],
  ];
  return {
    missing: {
      filter: {
        ...nobody,
        visibility: { in: shown },
        type: { in: [...scope.assetTypes] },
        albumIds: { none: [albumId] },
      },
      violation: (asset) =>
        asset.people.some(({ id }) => counting.has(id)) || !scope.assetTypes.has(asset.type) ||
          !shown.some((visibility) => visibility === asset.visibility)
          ? "was not asked for"
          : undefined,
    },
    doubtful: {
      filter: {
        ...inAlbum,
        or: [...perhaps === undefined ? somebody : [ANY_FACE], ...outOfScope],
      },
      violation: () => undefined,
    },
    unfit: { ...inAlbum, or: [...somebody, ...outOfScope] },
    uncertain: perhaps && { filter: { ...inAlbum, ...perhaps }, violation: () => undefined },
  };
}

const ANY_FACE: SearchFilter = { hasPeople: { eq: true } };

interface Conditions {
  /** Who counts. */
  readonly ids: readonly string[];
  /** That nobody of them is there. */
  readonly nobody: SearchFilter;
  /** That somebody of them is, or whatever else shows for certain that an asset does not belong. */
  readonly somebody: readonly SearchFilter[];
  /** That somebody who counts may be there without being listed. */
  readonly perhaps: SearchFilter | undefined;
}

function conditions(
  { rule, includeArchived }: Scope,
  { listed, areAll }: People,
  partners: boolean,
): Conditions {
  const ids = peopleWhoCount(rule, listed);
  if (rule.kind === "no-faces") {
    const nobody = { hasPeople: { eq: false } };
    return { ids, nobody, somebody: [ANY_FACE], perhaps: undefined };
  }
  // An empty list of people is a 400, and means nothing.
  const nobody = ids.length === 0 ? {} : { personIds: { none: ids } };
  const somebody = ids.length === 0 ? [] : [{ personIds: { any: ids } }];
  // Those who are only on archived assets may not be counted among all.
  const mayMissSome = rule.kind === "no-people" && (!areAll || includeArchived);
  // Partners' people are not among ours, so that only their faces can be asked for.
  const perhaps = mayMissSome || partners ? { ...nobody, ...ANY_FACE } : undefined;
  return { ids, nobody, somebody, perhaps };
}

function peopleWhoCount(rule: Rule, people: readonly Person[]): string[] {
  switch (rule.kind) {
    case "no-people":
    case "no-faces":
      return people.map(({ id }) => id);
    case "no-named-people":
      return people.filter(({ name }) => name.trim() !== "").map(({ id }) => id);
    case "without":
      return [...rule.personIds];
  }
}
