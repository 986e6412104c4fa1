import type { Asset } from "../immich/asset.ts";
import { type Ids, IdSet, without } from "../immich/id_set.ts";
import { untrustedList } from "../immich/immich_error.ts";
import type { Month } from "../immich/timeline.ts";
import type { Findings, TallyInput } from "./findings.ts";
import { anyFaceCounts, belongs } from "./rule.ts";
import { Picked } from "./shown_people.ts";

/** Assets of one owner in the album. */
interface OwnersShare {
  count: number;
  /** Those whose own answer shows that they don't belong. */
  readonly unfit: IdSet;
}

/** What the list of the album shows; keeps only ids. */
export class AlbumTally {
  readonly members = new IdSet();
  readonly byOwner = new Map<string, OwnersShare>();
  /** Those of them that the album's own count includes. */
  counted = 0;
  /** Whether a month showed a member that the list of the library will not show. */
  hasUnjudged = false;
  readonly #input: TallyInput;

  constructor(input: TallyInput) {
    this.#input = input;
  }

  /** Assets of the album, from a search. */
  look(assets: readonly Asset[]): void {
    const { scope, ownUserId } = this.#input;
    for (const asset of assets) {
      const { id, ownerId, visibility } = asset;
      this.#count(id, ownerId, visibility);
      const own = ownerId === ownUserId;
      if (!belongs(asset, scope, own)) this.#shareOf(ownerId).unfit.add(id);
    }
  }

  /** Assets of the album, from the timeline, which does not tell whether they belong. */
  lookAtMonth({ id: ids, ownerId: owners, visibility: visibilities }: Month): void {
    const { scope, includePartners, ownUserId } = this.#input;
    for (const [index, id] of ids.entries()) {
      const ownerId = owners[index] ?? "";
      const visibility = visibilities[index] ?? "timeline";
      this.#count(id, ownerId, visibility);
      const isListed = ownerId === ownUserId
        ? visibility === "timeline" || scope.includeArchived
        : visibility === "timeline" || !includePartners;
      if (!isListed) this.hasUnjudged = true;
    }
  }

  #count(id: string, ownerId: string, visibility: Asset["visibility"]): void {
    if (!this.members.add(id)) return;
    if (visibility !== "hidden") this.counted++;
    this.#shareOf(ownerId).count++;
  }

  #shareOf(ownerId: string): OwnersShare {
    const share = this.byOwner.get(ownerId) ?? { count: 0, unfit: new IdSet() };
    this.byOwner.set(ownerId, share);
    return share;
  }
}

/** What the list of the library shows; keeps only the ids of what differs from the album. */
export class LibraryTally {
  read = 0;
  matching = 0;
  anyPeople = false;
  /** Own assets that belong and have a face of nobody; undefined: nobody tells. */
  unassigned: { inAlbum: number; readonly missing: IdSet } | undefined;
  /** What belongs and is not in the album. */
  readonly missing = new IdSet();
  /** Missing too, but uploaded too late. */
  readonly heldBack = new IdSet();
  /** Some of `missing`, from answers that show nobody. */
  readonly unproven = new Picked();
  /** What is in the album and does not belong. */
  readonly unfit = new IdSet();
  /** The user, and with INCLUDE_PARTNERS the partners: only they are in the library. */
  readonly owners = new Set<string>();
  /** Listed as having a face, and as having none, where that was asked. */
  readonly #faced = new IdSet();
  readonly #bare = new IdSet();
  readonly #input: TallyInput;
  readonly #members: Ids;

  constructor(input: TallyInput, members: Ids) {
    this.#input = input;
    this.#members = members;
  }

  /**
   * Assets of the library.
   *
   * @param faced whether they were asked for as those that have a face, or as those that have none
   */
  look(assets: readonly Asset[], faced?: boolean): void {
    const showsPeople = assets.some(({ people }) => people.length > 0);
    for (const asset of assets) {
      this.#lookAt(asset, faced === true, showsPeople);
      if (faced !== undefined) (faced ? this.#faced : this.#bare).add(asset.id);
    }
  }

  /**
   * Assets listed both with and without a face: they changed between the answers.
   *
   * @throws ImmichError when they are most of those with a face: the question was not understood
   */
  contradictory(): ReadonlySet<string> {
    const both = new Set<string>();
    for (const id of this.#faced) if (this.#bare.has(id)) both.add(id);
    if (both.size > 1 && 2 * both.size > this.#faced.size) {
      throw untrustedList(`${both.size} assets are said to have a face, and to have none`);
    }
    return both;
  }

  #lookAt(asset: Asset, faced: boolean, isProven: boolean): void {
    const { scope, includePartners, ownUserId, uploadedBefore } = this.#input;
    const { id, ownerId } = asset;
    const own = ownerId === ownUserId;
    if (!own && !includePartners) return;
    this.owners.add(ownerId);
    this.read++;
    if (faced || asset.people.length > 0) this.anyPeople = true;
    const fits = belongs(asset, scope, own) && !(faced && anyFaceCounts(scope.rule, own));
    if (fits) this.matching++;
    if (asset.unassignedFaces !== undefined) {
      this.unassigned ??= { inAlbum: 0, missing: new IdSet() };
    }
    const isUnassigned = own && (asset.unassignedFaces ?? []).length > 0;
    if (this.#members.has(id)) {
      if (!fits) this.unfit.add(id);
      else if (isUnassigned && this.unassigned !== undefined) this.unassigned.inAlbum++;
    } else if (fits) {
      if (asset.createdAt > uploadedBefore) this.heldBack.add(id);
      else {
        this.missing.add(id);
        if (isUnassigned) this.unassigned?.missing.add(id);
        if (own && !isProven) this.unproven.offer(id);
      }
    }
  }
}

/**
 * Puts the two together.
 *
 * @param assetCount the album's own count of its assets, at least what was listed: on 2.x a list
 * leaves out strangers' assets
 */
export function findingsOf(
  { ownUserId, includePartners }: TallyInput,
  album: AlbumTally,
  library: LibraryTally,
  assetCount: number,
): Findings {
  const unseen = assetCount - album.counted;
  // Nobody knows what these are, and the next run will: nothing is done with them.
  const changing = library.contradictory();
  const unfit = new IdSet(without(library.unfit, changing));
  let foreign = unseen;
  for (const [owner, share] of album.byOwner) {
    if (owner === ownUserId || (includePartners && library.owners.has(owner))) {
      for (const id of share.unfit) unfit.add(id);
    } else foreign += share.count;
  }
  const missing = without(library.missing, changing);
  const { read, matching, heldBack, anyPeople, unassigned } = library;
  const inAlbum = album.members.size + unseen;
  const { members } = album;
  const unproven = library.unproven.ids;
  return {
    ...{ read, matching, missing, unproven, heldBack, anyPeople, members, inAlbum, foreign, unfit },
    unassigned,
  };
}
