import type { Album } from "../immich/albums.ts";
import type { Asset } from "../immich/asset.ts";
import { countAssets, countOwnInAlbum, type Sample, sampleAssets } from "../immich/counts.ts";
import { ImmichError, untrustedList } from "../immich/immich_error.ts";
import type { People } from "../immich/people.ts";
import type { StructuredQuery } from "../immich/search_page.ts";
import type { Logger } from "../system/log.ts";
import {
  type Differences,
  differences,
  obstacleInPeople,
  obstacleToDelta,
} from "./delta_questions.ts";
import type { Findings, SearchInput, TallyInput } from "./findings.ts";
import { readAll } from "../immich/read_all.ts";
import { belongs } from "./rule.ts";
import { Picked } from "./shown_people.ts";

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
 * @throws ImmichError when a request failed
 */
export async function delta(
  input: SearchInput,
  readPeople: () => Promise<People>,
  log: Logger,
): Promise<Findings | undefined> {
  const { album, ownUserId } = input;
  if (album === undefined || ownUserId === undefined) return undefined;
  if (obstacleToDelta(input) !== undefined) return undefined;
  try {
    const people = await readPeople();
    if (obstacleInPeople(people.listed.length) !== undefined) return undefined;
    const queries = differences(input, album.id, people);
    input.onProgress?.({ step: "Asking what differs" });
    const { missing, doubtful, own, tally } = await glance(input, queries, album.id, ownUserId);
    log.debug(`${missing} assets may be missing in the album, ${doubtful} may not belong.`);
    if (!await isWorthIt(input, missing + doubtful)) return undefined;
    input.onProgress?.({ step: "Reading what differs", total: missing + doubtful });
    const lists = { missing: missing > 0, doubtful: doubtful > 0 };
    return await read(input, { ...album, own }, queries, lists, tally);
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
      `Reading all assets, since the API key lacks ${error.permission}; with it the server would be asked for the differences only, which is much faster.`,
    );
  } else if (error.kind === "answer" || error.kind === "rejected") {
    log.info(`Reading all assets, since the server does not answer as 3.2 does: ${error.message}`);
  } else throw error;
}

/** What has to be read. */
interface Glance {
  /** About how long the list of this name is; 0: it does not have to be read. */
  readonly missing: number;
  readonly doubtful: number;
  /** How many assets in the album are ours, without hidden ones. */
  readonly own: number;
  /** What the samples showed. */
  readonly tally: DeltaTally;
}

/**
 * Whether there is anything to do: a sample and a count, which take the server many times less than
 * any list. What a list would show that is not to be changed (photos of people who are not listed,
 * held back uploads) is mostly few, so that the sample is all of it.
 *
 * When there are people who are not listed, a second sample looks for them in the album. It may have
 * more faces of nobody than a sample has assets: then somebody unlisted is found when they are in
 * it, in one run out of as many as there are thousands. A scan finds them at once.
 */
async function glance(
  input: SearchInput,
  queries: Differences,
  albumId: string,
  ownUserId: string,
): Promise<Glance> {
  const { http } = input;
  const askMissing = sample(input, queries.missing);
  // Two at once: that is what a server of two cores does well.
  const turn = queries.uncertain === undefined ? Promise.resolve() : askMissing;
  const [uncertain, missing, unfit, own] = await Promise.all([
    queries.uncertain === undefined ? EMPTY : sample(input, queries.uncertain),
    askMissing,
    turn.then(() => countAssets(http, queries.unfit)),
    askMissing.then(() => countOwnInAlbum(http, albumId, ownUserId)),
  ]);
  const tally = new DeltaTally(input);
  for (const asset of missing?.assets ?? []) tally.lookAtMissing(asset);
  for (const asset of uncertain?.assets ?? []) tally.lookAtDoubtful(asset);
  const nothingIsMissing = missing?.isComplete && tally.missing.size === 0;
  const nobodyIsSeen = uncertain !== undefined && tally.unfit.size === 0;
  return {
    missing: nothingIsMissing ? 0 : await lengthOf(input, missing, queries.missing),
    doubtful: unfit === 0 && nobodyIsSeen
      ? 0
      : unfit + await lengthOf(input, uncertain, queries.uncertain ?? queries.doubtful),
    own,
    tally,
  };
}

const EMPTY: Sample = { assets: [], isComplete: true };

/** Undefined where the server has no samples: the lists have to be read then. */
async function sample({ http }: SearchInput, query: StructuredQuery): Promise<Sample | undefined> {
  try {
    return await sampleAssets(http, query);
  } catch (error) {
    if (error instanceof ImmichError && error.kind === "not-found") return undefined;
    throw error;
  }
}

async function lengthOf(
  { http }: SearchInput,
  sample: Sample | undefined,
  query: StructuredQuery,
): Promise<number> {
  return sample?.isComplete ? sample.assets.length : await countAssets(http, query.filter);
}

/** What the answers to the questions for differences show; keeps only ids. */
class DeltaTally {
  readonly missing = new Set<string>();
  /** Some of `missing`, own ones that show nobody at all. */
  readonly unproven = new Picked();
  readonly heldBack = new Set<string>();
  readonly unfit = new Set<string>();
  /** Other people's assets among those in doubt; the first is part of the album's own count. */
  readonly foreign = { shown: 0, hidden: 0 };
  /** With the rule `no-faces`: found only for a face that belongs to nobody. */
  readonly unassigned: string[] = [];
  /** Assets in the album that its own count leaves out. */
  hidden = 0;
  readonly #input: TallyInput;

  constructor(input: TallyInput) {
    this.#input = input;
  }

  lookAtMissing(asset: Asset): void {
    const { scope, includePartners, ownUserId, uploadedBefore } = this.#input;
    const own = asset.ownerId === ownUserId;
    // Outside albums a search finds our own assets and those of partners.
    if ((!own && !includePartners) || !belongs(asset, scope, own)) return;
    if (asset.createdAt > uploadedBefore) {
      this.heldBack.add(asset.id);
      return;
    }
    this.missing.add(asset.id);
    // Who does not count may be on it, and proves that the server shows people.
    if (own && asset.people.length === 0) this.unproven.offer(asset.id);
  }

  lookAtDoubtful(asset: Asset): void {
    const { scope, ownUserId } = this.#input;
    const isHidden = asset.visibility === "hidden";
    if (isHidden) this.hidden++;
    if (asset.ownerId !== ownUserId) this.foreign[isHidden ? "hidden" : "shown"]++;
    else if (!belongs(asset, scope, true)) this.unfit.add(asset.id);
    else if (scope.rule.kind === "no-faces") this.unassigned.push(asset.id);
  }
}
