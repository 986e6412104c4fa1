import type { Album } from "../immich/albums.ts";
import type { Asset } from "../immich/asset.ts";
import { countAssets } from "../immich/counts.ts";
import { ImmichError, untrustedList } from "../immich/immich_error.ts";
import type { People } from "../immich/people.ts";
import type { Logger } from "../system/log.ts";
import {
  type Differences,
  differences,
  obstacleInPeople,
  obstacleToDelta,
} from "./delta_questions.ts";
import type { Findings, SearchInput } from "./findings.ts";
import { DeltaTally, glance, sampleOdd } from "./glance.ts";
import { readAll } from "../immich/read_all.ts";

/** Up to so many differences are read without asking how many assets there are in all. */
const FEW = 1000;

/**
 * Asks a server of 3.2 or later for the differences only: what seems to be missing in the album,
 * and what is in it and may not belong. A glance first, since the server counts many times faster
 * than it lists. Every asset in the lists is then judged by its own answer, as in a scan, and with
 * the same outcome; see {@link glance} for the one exception.
 *
 * Undefined when it takes a scan: `log` says why if the user can do something about it.
 *
 * @param countFaces called as soon as it is known that faces of nobody have to be counted
 * @throws ImmichError when a request failed
 */
export async function delta(
  input: SearchInput,
  readPeople: () => Promise<People>,
  log: Logger,
  countFaces: () => void,
): Promise<Findings | undefined> {
  const { album, ownUserId } = input;
  if (album === undefined || ownUserId === undefined) return undefined;
  if (obstacleToDelta(input) !== undefined) return undefined;
  try {
    // Beside the people, of which it knows nothing: the list of them takes long.
    const odd = sampleOdd(input, album, countFaces);
    odd.catch(() => {}); // told by whoever waits for it, unless the people failed before
    const people = await readPeople();
    if (obstacleInPeople(people.listed.length) !== undefined) return undefined;
    const queries = differences(input, album.id, people);
    input.onProgress?.({ step: "Asking what differs" });
    const { missing, doubtful, own, tally, unassigned } = await glance(
      input,
      { ...queries, odd },
      album.id,
      ownUserId,
    );
    log.debug(`${missing} assets may be missing in the album, ${doubtful} may not belong.`);
    if (!await isWorthIt(input, missing + doubtful)) return undefined;
    input.onProgress?.({ step: "Reading what differs", total: missing + doubtful });
    const lists = { missing: missing > 0, doubtful: doubtful > 0 };
    const findings = await read(input, { ...album, own }, queries, lists, tally);
    // Of other owners' assets nobody's people are known here.
    return findings?.foreign === 0 ? { ...findings, unassigned } : findings;
  } catch (error) {
    return explainFallback(error, log);
  }
}

/** When most of the library differs, as at the first sync, reading all of it is less work. */
async function isWorthIt(input: SearchInput, different: number): Promise<boolean> {
  if (different <= FEW) return true;
  const all = await countAssets(input.http, { visibility: { in: ["timeline", "archive"] } });
  return different < (all + (input.album?.assetCount ?? 0)) / 2;
}

/** Reads the lists that are needed; of the others the glance has seen enough. */
async function read(
  input: SearchInput,
  album: Album & { readonly own: number },
  queries: Differences,
  lists: { readonly missing: boolean; readonly doubtful: boolean },
  glanced: DeltaTally,
): Promise<Findings | undefined> {
  const tally = new DeltaTally(input);
  const { missing, doubtful } = queries;
  const lookAtMissing = (assets: readonly Asset[]) => {
    for (const asset of assets) tally.lookAtMissing(asset);
  };
  const lookAtDoubtful = (assets: readonly Asset[]) => {
    for (const asset of assets) tally.lookAtDoubtful(asset);
  };
  await readAll(input, [
    ...lists.missing ? [{ query: missing, look: lookAtMissing }] : [],
    ...lists.doubtful ? [{ query: doubtful, look: lookAtDoubtful }] : [],
  ]);
  // Less than nothing, or than was seen: the album has changed meanwhile, or a proxy drops what is
  // asked for.
  const foreignShown = album.assetCount - album.own;
  if (tally.foreign.shown > foreignShown) return undefined;
  const foreign = foreignShown + tally.foreign.hidden;
  // Only a list of the library tells which of the other owners are partners.
  if (input.includePartners && foreign > 0) return undefined;
  const { unassigned, unfit } = tally;
  if (unassigned.length > 0) await assertFacesAreTold(input, album, unassigned);
  for (const id of unassigned) unfit.add(id);
  return {
    read: null,
    matching: null,
    members: undefined,
    missing: tally.missing,
    unproven: tally.unproven.ids,
    heldBack: (lists.missing ? tally : glanced).heldBack,
    // There are people, or this would be a scan.
    anyPeople: true,
    // The album's own count leaves hidden assets out, and all of them are in doubt.
    inAlbum: album.assetCount + tally.hidden,
    foreign,
    unfit,
  };
}

/**
 * That an asset has a face which belongs to nobody is told by its being found, and by nothing in
 * its answer. So it has to be found once more by that question alone, and the server has to show
 * that it understands it: in the album those with and those without a face are all there are, and
 * it lists as many as it counts.
 */
async function assertFacesAreTold(
  input: SearchInput,
  album: Album,
  unassigned: readonly string[],
): Promise<void> {
  const { http } = input;
  const albumIds = { any: [album.id] };
  const withFaces = { albumIds, hasPeople: { eq: true } };
  const faced = new Set<string>();
  const [all, some, none] = await Promise.all([
    countAssets(http, { albumIds }),
    countAssets(http, withFaces),
    countAssets(http, { albumIds, hasPeople: { eq: false } }),
    readAll(input, [{
      query: { filter: withFaces, violation: () => undefined },
      look: (assets) => {
        for (const { id } of assets) faced.add(id);
      },
    }]),
  ]);
  if (some + none !== all || faced.size !== some || unassigned.some((id) => !faced.has(id))) {
    throw untrustedList(
      `of ${all} assets in the album ${some} have a face, ${none} have none, and ${faced.size} are listed with one`,
    );
  }
}

/** Undefined for what makes a scan necessary; everything else goes on up. */
function explainFallback(error: unknown, log: Logger): undefined {
  if (!(error instanceof ImmichError)) throw error;
  if (error.permission !== undefined) {
    log.info(
      `Reading all assets, because the API key lacks ${error.permission}; with it, a run asks for the differences only, which is much faster.`,
    );
  } else if (error.kind === "answer" || error.kind === "rejected") {
    log.info(
      `Reading all assets, because the server does not answer as 3.2 does: ${error.message}`,
    );
  } else throw error;
}
