import { countAssets, countOwnInAlbum } from "../immich/counts.ts";
import { ImmichError } from "../immich/errors.ts";
import { type Sample, sampleAssets } from "../immich/random.ts";
import type { StructuredQuery } from "../immich/search_page.ts";
import { DeltaTally } from "./delta_tally.ts";
import type { Differences } from "./differences.ts";
import type { SearchInput } from "./scan.ts";

/** What has to be read. */
export interface Glance {
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
export async function glance(
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
