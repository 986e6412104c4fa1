import type { RuleConfig } from "../config/config.ts";
import { ExplainedError } from "../errors.ts";
import type { Asset } from "../immich/asset.ts";
import type { People, Person } from "../immich/people.ts";
import type { Server } from "../immich/server.ts";

/** FACELESS_RULE with its people resolved to ids. */
export type Rule =
  | Exclude<RuleConfig, { readonly kind: "without" }>
  | { readonly kind: "without"; readonly personIds: ReadonlySet<string> };

/** What else decides whether an asset belongs, see the variables of the same names. */
export interface Scope {
  readonly rule: Rule;
  readonly assetTypes: ReadonlySet<string>;
  readonly includeArchived: boolean;
}

/**
 * Whether an asset belongs to the album, by what the server said of that very asset.
 *
 * @param own false for a partner's: his archived assets are never shared, only his timeline is
 */
export function belongs(asset: Asset, scope: Scope, own: boolean): boolean {
  const shown = asset.visibility === "timeline" ||
    (asset.visibility === "archive" && own && scope.includeArchived);
  return shown && !asset.isTrashed && scope.assetTypes.has(asset.type) &&
    isFaceless(asset, scope.rule);
}

/** Whether an asset with this person on it does not belong to the album. */
export function personCounts({ id, name }: Person, rule: Rule): boolean {
  switch (rule.kind) {
    case "no-people":
    case "no-faces":
      return true;
    case "no-named-people":
      return name.trim() !== "";
    case "without":
      return rule.personIds.has(id);
  }
}

/**
 * Whether somebody may count whom the server does not list, so that only the answer for an asset
 * tells. With `no-faces` any face does, and nobody has to be known.
 */
export function unlistedCount(rule: Rule): boolean {
  return rule.kind !== "no-faces" && personCounts({ id: "", name: "" }, rule);
}

/**
 * Whether nobody who counts is on the asset.
 *
 * For `no-faces` a face without a person is told by 2.x only (`unassignedFaces`); from 3.2 on the
 * listing has to ask for `hasPeople`, and this is only the second look.
 */
export function isFaceless({ people, unassignedFaces }: Asset, rule: Rule): boolean {
  return !people.some((person) => personCounts(person, rule)) &&
    (rule.kind !== "no-faces" || (unassignedFaces ?? []).length === 0);
}

/**
 * Whether a face keeps an asset out although its answer shows nobody: where it was found by
 * `hasPeople`. From 3.2 on the people of an answer are the viewer's own, so that of a partner's
 * asset nothing else tells, and a face may be anybody's, named or not. WITHOUT_PEOPLE are own people.
 */
export function anyFaceCounts({ kind }: Pick<Rule, "kind">, own: boolean): boolean {
  return kind === "no-faces" || (!own && kind !== "without");
}

/**
 * The rule with the names and ids of WITHOUT_PEOPLE resolved.
 *
 * @param readPeople the people of the user; only called for `without`
 * @throws ExplainedError when the server can't answer the rule, or when a name or id is unknown or
 * stands for several people
 */
export async function resolveRule(
  config: RuleConfig,
  server: Server,
  readPeople: () => Promise<People>,
): Promise<Rule> {
  if (config.kind === "no-faces" && !server.structuredSearch && !server.unassignedFaces) {
    throw new ExplainedError(
      "RuleError",
      "FACELESS_RULE=no-faces does not work with Immich 3.0 and 3.1, which do not report faces without a person.",
      "Update Immich to 3.2 or later, or set FACELESS_RULE=no-people.",
    );
  }
  if (config.kind !== "without") return { kind: config.kind };
  return { kind: "without", personIds: resolvePeople(config.people, (await readPeople()).listed) };
}

function resolvePeople(wanted: readonly string[], people: readonly Person[]): Set<string> {
  const problems: string[] = [];
  const ids = new Set<string>();
  for (const text of wanted) {
    const matches = people.filter(({ id, name }) => id === text.toLowerCase() || name === text);
    const [match] = matches;
    if (match === undefined) problems.push(`nobody has the name or id "${text}"`);
    else if (matches.length > 1) {
      problems.push(
        `"${text}" is the name of ${matches.length} people (${
          matches.map(({ id }) => id).join(", ")
        })`,
      );
    } else ids.add(match.id);
  }
  if (problems.length === 0) return ids;
  throw new ExplainedError(
    "RuleError",
    `WITHOUT_PEOPLE cannot be resolved: ${problems.join("; ")}.`,
    "Use the names as shown in Immich under People, or the ids from the addresses of their pages.",
  );
}
