import type { Visibility } from "../immich/asset.ts";
import { countShown } from "../immich/asset_details.ts";
import { ImmichError, untrustedList } from "../immich/immich_error.ts";
import { type Reader, workOff } from "../immich/read_all.ts";
import { listAssets } from "../immich/search.ts";
import { anyFaceCounts, isFaceless, type Rule } from "./rule.ts";

/** So many are looked at one by one, at 11 ms each: all of a few, any of many. */
const MAX_LOOKED_AT = 50;

/**
 * Picks some of the ids that it is offered, each as likely as any other.
 *
 * A server, or a proxy in front of it, that ignores `withPeople` says of every asset that nobody is
 * on it. An answer that shows somebody has understood the question; of the others, which are also
 * what a library without people looks like, the assets to be added are worth a second look.
 */
export class Picked {
  readonly ids: string[] = [];
  #offered = 0;

  offer(id: string): void {
    const place = this.#offered < MAX_LOOKED_AT
      ? this.#offered
      : Math.floor(Math.random() * (this.#offered + 1));
    this.#offered++;
    if (place < MAX_LOOKED_AT) this.ids[place] = id;
  }
}

/**
 * Asks for assets one by one, of which lists show nobody: `GET /assets/{id}` always tells of people,
 * needs `asset.read` only, and of an own asset shows those that a search shows. Counts of people or
 * faces would tell too, but the smallest key may not ask for them, and people who are on no asset of
 * the timeline would raise a false alarm.
 *
 * @returns those that have changed since they were listed, or are gone
 * @throws ImmichError when a list shows nobody where there is somebody
 */
export async function findChanged(
  reader: Reader,
  ids: readonly string[],
  rule: Rule,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  await workOff(reader, ids, async (id, signal) => {
    if (!await isStillBare(reader, rule, id, signal)) changed.add(id);
  });
  return changed;
}

async function isStillBare(
  reader: Reader,
  rule: Rule,
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { people, unassigned, takenAt, visibility } = await countShown(reader.http, id, signal);
    if (people === 0 && (unassigned === 0 || !anyFaceCounts(rule, true))) return true;
    if (!await isListedBare(reader, rule, id, visibility, takenAt)) return false;
  } catch (error) {
    // Deleted meanwhile, or not to be looked at by itself: no reason to doubt the list.
    if (error instanceof ImmichError && error.kind === "rejected") return true;
    throw error;
  }
  throw untrustedList(
    `asset ${id} shows nobody in it, and somebody when it is asked for by itself; does a proxy drop withPeople?`,
  );
}

/** Whether a list shows nobody on it now: between the two answers Immich may have recognised somebody. */
async function isListedBare(
  { http, server }: Reader,
  rule: Rule,
  id: string,
  visibility: Visibility,
  takenAt: number,
): Promise<boolean> {
  if (visibility === "locked") return false;
  const range = { from: takenAt, to: takenAt + 1 };
  for await (const page of listAssets(http, server, { visibility }, { range })) {
    const listed = page.find((asset) => asset.id === id);
    if (listed !== undefined) return listed.people.length === 0 && isFaceless(listed, rule);
  }
  return false;
}
