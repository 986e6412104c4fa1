import type { GuardConfig } from "../config/config.ts";
import { isRest } from "./adding_order.ts";
import type { Findings } from "./findings.ts";
import type { Plan } from "./plan.ts";

/** A refusal: the variable that stands guard, and a sentence with figures and the way past it. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
}

/** Below this many removals their share of the album says nothing. */
const MIN_REMOVALS_FOR_PERCENT = 10;
/** What a smaller album may grow to says nothing. */
const MIN_ALBUM_FOR_PERCENT = 100;
/** A library of up to this many assets may well show nobody. */
export const MAX_ASSETS_WITHOUT_PEOPLE = 100;

/** What to do where nobody is on any picture; each place adds what is left to do. */
export const FINISH_RECOGNITION =
  "Let Immich finish its Face Detection and Facial Recognition jobs; if there really are no people";

const WAY_PAST =
  "Look with --dry-run --report FILE at what would change; if it is right, run once with --force";

/** The first guard that refuses the plan, or undefined when it may be carried out. */
export function findRefusal(
  findings: Findings,
  plan: Plan,
  config: GuardConfig,
): Refusal | undefined {
  const { add, remove } = plan;
  if (
    !config.allowNoPeople && add.size > 0 && !findings.anyPeople &&
    findings.read !== null && findings.read > MAX_ASSETS_WITHOUT_PEOPLE
  ) {
    return {
      name: "ALLOW_NO_PEOPLE",
      message:
        `None of ${findings.read} assets shows a person, as if Immich had not recognised faces yet. ` +
        `${FINISH_RECOGNITION}, set ALLOW_NO_PEOPLE=true or run once with --force.`,
    };
  }
  if (config.maxAdd !== undefined && add.size > config.maxAdd) {
    return {
      name: "MAX_ADD",
      message: `${add.size} assets would be added, more than MAX_ADD=${config.maxAdd} allows. ` +
        `${WAY_PAST}, or raise MAX_ADD.`,
    };
  }
  if (config.maxRemove !== undefined && remove.size > config.maxRemove) {
    return {
      name: "MAX_REMOVE",
      message: `${remove.size} assets would be removed, more than MAX_REMOVE=${config.maxRemove} ` +
        `allows. ${WAY_PAST}, or raise MAX_REMOVE.`,
    };
  }
  const ours = findings.inAlbum - findings.foreign;
  if (
    ours >= MIN_ALBUM_FOR_PERCENT && add.size > ours * config.maxAddPercent / 100 &&
    !isRest(add, findings.members)
  ) {
    return {
      name: "MAX_ADD_PERCENT",
      message: `${add.size} assets would be added to the ${ours} in the album, more than ` +
        `MAX_ADD_PERCENT=${config.maxAddPercent} allows, as if face recognition had been reset. ` +
        `${WAY_PAST}, or raise MAX_ADD_PERCENT.`,
    };
  }
  if (
    remove.size >= MIN_REMOVALS_FOR_PERCENT &&
    remove.size > ours * config.maxRemovePercent / 100
  ) {
    return {
      name: "MAX_REMOVE_PERCENT",
      message: `${remove.size} of the ${ours} assets in the album would be removed, more than ` +
        `MAX_REMOVE_PERCENT=${config.maxRemovePercent} allows. ${WAY_PAST}, or raise MAX_REMOVE_PERCENT.`,
    };
  }
  return undefined;
}

/**
 * Whether the refusal may be wrong, because nobody has looked whether the additions are the rest of
 * a sync that was cut short: only a scan knows the members. One that was refused has left no rest.
 *
 * @param lastReason the guard or error of the run before
 */
export function needsMembers(
  refusal: Refusal | undefined,
  { members }: Findings,
  lastReason: string | undefined,
): boolean {
  return members === undefined && refusal?.name === "MAX_ADD_PERCENT" &&
    lastReason !== refusal.name;
}
