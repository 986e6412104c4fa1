import type { Album } from "../immich/albums.ts";
import type { Asset } from "../immich/asset.ts";
import { countAssets, countOwnInAlbum, type Sample, sampleAssets } from "../immich/counts.ts";
import { ImmichError } from "../immich/immich_error.ts";
import type { StructuredQuery } from "../immich/search_page.ts";
import { may, readApiKey } from "../immich/server.ts";
import { anythingOdd, DELTA_PERMISSIONS, type Differences } from "./delta_questions.ts";
import type { Findings, SearchInput, TallyInput } from "./findings.ts";
import { anyFaceCounts, belongs } from "./rule.ts";
import { Picked } from "./shown_people.ts";

/**
 * An album of so many assets has mostly fewer odd ones (with a face, out of scope) than a sample
 * holds; to sample a larger one mostly costs what a count costs, for nothing.
 */
const MAX_ALBUM_TO_SAMPLE = 100_000;

/** What has to be read. */
export interface Glance {
  /** About how long the list of this name is; 0: it does not have to be read. */
  readonly missing: number;
  readonly doubtful: number;
  /** How many assets in the album are ours, without hidden ones. */
  readonly own: number;
  /** What the samples showed. */
  readonly tally: DeltaTally;
  /** If the samples tell. */
  readonly unassigned: Findings["unassigned"];
}

/**
 * Whether there is anything to do: a sample and a count, which take the server many times less than
 * any list. What a list would show that is not to be changed (photos of people who are not listed,
 * held back uploads) is mostly few, so that the sample is all of it.
 *
 * A sample of what is odd in the album that is all of it tells who is on it, listed or not. Else the
 * odd ones are counted, and when there are people who are not listed, a sample looks for them. There
 * are more faces of nobody than a sample has assets then: somebody unlisted is found when they are
 * in it, in one run out of as many as there are thousands. A scan finds them at once.
 */
export async function glance(
  input: SearchInput,
  queries: Differences & { readonly odd: Promise<Sample | undefined> },
  albumId: string,
  ownUserId: string,
): Promise<Glance> {
  const tally = new DeltaTally(input);
  const [doubt, missing, own] = await Promise.all([
    queries.odd.then((odd) =>
      odd?.isComplete ? doubtOf(odd, tally) : countDoubt(input, queries, odd, tally)
    ),
    sample(input, queries.missing),
    countOwnInAlbum(input.http, albumId, ownUserId),
  ]);
  for (const asset of missing?.assets ?? []) tally.lookAtMissing(asset);
  const nothingIsMissing = missing?.isComplete && tally.missing.size === 0;
  return {
    missing: nothingIsMissing ? 0 : await lengthOf(input, missing, queries.missing),
    ...doubt,
    own,
    tally,
  };
}

type Doubt = Pick<Glance, "doubtful" | "unassigned">;

/** Everything that is odd, each by its own answer: what belongs all the same has a face of nobody. */
function doubtOf({ assets }: Sample, tally: DeltaTally): Doubt {
  for (const asset of assets) tally.lookAtDoubtful(asset);
  const { unfit, foreign } = tally;
  return {
    // Nothing is changed because of a sample alone. The album's own count has no hidden assets.
    doubtful: unfit.size + foreign.hidden,
    unassigned: { inAlbum: assets.length - unfit.size - foreign.hidden - foreign.shown },
  };
}

async function countDoubt(
  input: SearchInput,
  queries: Differences,
  odd: Sample | undefined,
  tally: DeltaTally,
): Promise<Doubt> {
  const query = odd === undefined ? queries.uncertain : undefined;
  const [sampled, counts] = await Promise.all([
    query && sample(input, query),
    Promise.all(queries.unfit.map((filter) => countAssets(input.http, filter))),
  ]);
  // What is against an asset may be two things: it is counted twice then.
  const unfit = counts.reduce((sum, count) => sum + count, 0);
  const uncertain = queries.uncertain === undefined ? EMPTY : odd ?? sampled;
  for (const asset of uncertain?.assets ?? []) tally.lookAtDoubtful(asset);
  const nobodyIsSeen = uncertain !== undefined && tally.unfit.size === 0;
  return {
    doubtful: unfit === 0 && nobodyIsSeen
      ? 0
      : unfit + await lengthOf(input, uncertain, queries.uncertain ?? queries.doubtful),
    unassigned: undefined,
  };
}

/**
 * Looks for what is odd in the album: with a face, or out of scope. Undefined where that is not worth
 * it, or not possible.
 *
 * @param countFaces called when it does not tell how many have a face of nobody
 */
export async function sampleOdd(
  input: SearchInput,
  { id, assetCount }: Album,
  countFaces: () => void,
): Promise<Sample | undefined> {
  const query = anythingOdd(input, id);
  const mayTell = query !== undefined && assetCount <= MAX_ALBUM_TO_SAMPLE && await mayAsk(input);
  const odd = mayTell ? await sample(input, query) : undefined;
  if (!odd?.isComplete) countFaces();
  return odd;
}

/**
 * Whether the key may do all that a delta can take, of which a sample is only a part: it must not
 * depend on what is in the album. Where the key does not tell, the counts will.
 */
async function mayAsk({ http }: SearchInput): Promise<boolean> {
  try {
    const key = await readApiKey(http);
    return DELTA_PERMISSIONS.every((permission) => may(key, permission));
  } catch (error) {
    if (error instanceof ImmichError) return false;
    throw error;
  }
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
export class DeltaTally {
  readonly missing = new Set<string>();
  /** Some of `missing`, own ones that show nobody at all. */
  readonly unproven = new Picked();
  readonly heldBack = new Set<string>();
  readonly unfit = new Set<string>();
  /** Other people's assets among those in doubt; the first is part of the album's own count. */
  readonly foreign = { shown: 0, hidden: 0 };
  /** Where any face counts: found only for a face that belongs to nobody. */
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
    else if (anyFaceCounts(scope.rule, true)) this.unassigned.push(asset.id);
  }
}
