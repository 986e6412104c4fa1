import type { Album } from "../immich/albums.ts";
import { countAssets } from "../immich/counts.ts";
import { ImmichError, untrustedList } from "../immich/errors.ts";
import { listPeople } from "../immich/people.ts";
import type { Asset } from "../immich/asset.ts";
import type { Person } from "../immich/schema.ts";
import type { SearchFilter, StructuredQuery } from "../immich/search_page.ts";
import type { Logger } from "../system/logging.ts";
import type { Findings } from "./plan.ts";
import { readAll } from "./read_all.ts";
import { belongs, type Rule } from "./rule.ts";
import type { SearchInput } from "./scan.ts";

/** Up to so many differences are read without asking how many assets there are in all. */
const FEW = 1000;
/** Ids that fit well into one request; a library with more people is scanned. */
const MAX_PEOPLE = 10_000;

/**
 * Asks a server of 3.2 or later for the differences only: what seems to be missing in the album,
 * and what is in it and may not belong. Counts first, since the server counts many times faster
 * than it lists. Every asset is then judged by its own answer, as in a scan, and with the same
 * outcome.
 *
 * Undefined when it takes a scan: `log` says why if the user can do something about it.
 *
 * @throws ImmichError when a request failed
 */
export async function delta(input: SearchInput, log: Logger): Promise<Findings | undefined> {
  const { generation, album, http, scope, includePartners } = input;
  if (generation !== "3.2" || album === undefined) return undefined;
  // Only a list tells whose the assets in a shared album are, for the summary and the guard.
  if ([...album.roles.keys()].some((user) => user !== album.ownerId)) return undefined;
  // Own archived assets belong then and partners' never do, and there is no asking by owner.
  if (includePartners && scope.includeArchived) return undefined;
  try {
    const people = await listPeople(http);
    if (people.length === 0 || people.length > MAX_PEOPLE) return undefined;
    const queries = differences(input, album.id, people);
    const [missing, doubtful] = await Promise.all([
      countAssets(http, queries.missing.filter),
      countAssets(http, queries.doubtful.filter),
    ]);
    log.debug(`${missing} assets may be missing in the album, ${doubtful} may not belong.`);
    if (!await isWorthIt(input, missing + doubtful)) return undefined;
    return await read(input, album, queries, { missing, doubtful });
  } catch (error) {
    return explainFallback(error, log);
  }
}

/** The two questions; what is asked for is more than the differences, never less. */
interface Differences {
  /** Not in the album, and nobody who counts and is listed among the people is on it. */
  readonly missing: StructuredQuery;
  /** In the album, and something about it may be against that. */
  readonly doubtful: StructuredQuery;
}

/**
 * `/people` leaves out unnamed people with few faces (seen: fewer than the `minFaces` of the
 * server), so that "none of the people" also finds assets that show only these, and "any of the
 * people" would miss them: what is in doubt is everything in the album with a face.
 */
function differences(
  { scope, includePartners }: SearchInput,
  albumId: string,
  people: readonly Person[],
): Differences {
  const shown = scope.includeArchived ? ["timeline", "archive"] as const : ["timeline"] as const;
  const notShown = scope.includeArchived ? ["hidden"] as const : ["archive", "hidden"] as const;
  const otherTypes = STORED_TYPES.filter((type) => !scope.assetTypes.has(type));
  const { ids, nobody, somebody } = conditions(scope.rule, people, includePartners);
  const counting = new Set(ids);
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
        albumIds: { any: [albumId] },
        or: [
          ...somebody,
          { visibility: { in: notShown } },
          ...otherTypes.length === 0 ? [] : [{ type: { in: otherTypes } }],
        ],
      },
      violation: () => undefined,
    },
  };
}

/** The types of assets that Immich takes in; it also has names for others. */
const STORED_TYPES = ["IMAGE", "VIDEO"] as const;

/** What the rule asks for: who counts, that nobody of them is there, that somebody is. */
function conditions(
  rule: Rule,
  people: readonly Person[],
  partners: boolean,
): { ids: string[]; nobody: SearchFilter; somebody: SearchFilter[] } {
  const ids = peopleWhoCount(rule, people);
  const anyFace: SearchFilter[] = [{ hasPeople: { eq: true } }];
  if (rule.kind === "no-faces") {
    return { ids, nobody: { hasPeople: { eq: false } }, somebody: anyFace };
  }
  // An empty list of people is a 400, and means nothing.
  const nobody = ids.length === 0 ? {} : { personIds: { none: ids } };
  // Partners' people are not among ours, so that only their faces can be asked for.
  if (rule.kind === "no-people" || partners) return { ids, nobody, somebody: anyFace };
  return { ids, nobody, somebody: ids.length === 0 ? [] : [{ personIds: { any: ids } }] };
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

/** When most of the library differs, as at the first sync, reading all of it is less work. */
async function isWorthIt(input: SearchInput, different: number): Promise<boolean> {
  if (different <= FEW) return true;
  const all = await countAssets(input.http, { visibility: { in: ["timeline", "archive"] } });
  return different < (all + (input.album?.assetCount ?? 0)) / 2;
}

async function read(
  input: SearchInput,
  album: Album,
  queries: Differences,
  counts: { readonly missing: number; readonly doubtful: number },
): Promise<Findings | undefined> {
  const { scope, ownUserId, includePartners } = input;
  const missing = new Set<string>();
  const unfit = new Set<string>();
  const foreign = new Set<string>();
  const unassigned: string[] = [];
  const heldBack = new Set<string>();
  // The album's own count leaves hidden assets out, and all of them are in doubt.
  let inAlbum = album.assetCount;
  const lookAtMissing = (asset: Asset) => {
    const own = asset.ownerId === ownUserId;
    // Outside albums a search finds our own assets and those of partners.
    if ((!own && !includePartners) || !belongs(asset, scope, own)) return;
    if (asset.createdAt > input.uploadedBefore) heldBack.add(asset.id);
    else missing.add(asset.id);
  };
  const lookAtDoubtful = (asset: Asset) => {
    if (asset.visibility === "hidden") inAlbum++;
    if (asset.ownerId !== ownUserId) foreign.add(asset.id);
    else if (!belongs(asset, scope, true)) unfit.add(asset.id);
    // Shown, of a wanted type and without people: found only for a face that belongs to nobody.
    else if (scope.rule.kind === "no-faces") unassigned.push(asset.id);
  };
  await readAll(input, [
    ...counts.missing > 0 ? [{ query: queries.missing, look: lookAtMissing }] : [],
    ...counts.doubtful > 0 ? [{ query: queries.doubtful, look: lookAtDoubtful }] : [],
  ]);
  // Only a list of the library tells which of the other owners are partners.
  if (includePartners && foreign.size > 0) return undefined;
  if (unassigned.length > 0) await assertFacesAreTold(input, album, unassigned);
  for (const id of unassigned) unfit.add(id);
  return {
    read: null,
    matching: null,
    missing,
    heldBack,
    // There are people, or this would be a scan.
    anyPeople: true,
    inAlbum,
    foreign: foreign.size,
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
      look: ({ id }) => void faced.add(id),
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
