import type { Asset } from "../immich/asset.ts";
import type { Findings } from "./plan.ts";
import { belongs, type Scope } from "./rule.ts";

/** Whose assets are looked at, and by which rule. */
export interface TallyInput {
  readonly scope: Scope;
  readonly includePartners: boolean;
  /** Undefined when the user has no assets of their own that could tell. */
  readonly ownUserId: string | undefined;
  /** Assets uploaded later than this (milliseconds since 1970) are held back. */
  readonly uploadedBefore: number;
}

/** Assets of one owner in the album. */
interface OwnersShare {
  count: number;
  /** Ids of those whose own answer shows that they don't belong. */
  readonly unfit: string[];
}

/** What the list of the album shows; keeps only ids. */
export class AlbumTally {
  readonly members = new Set<string>();
  readonly byOwner = new Map<string, OwnersShare>();
  /** Those of them that the album's own count includes. */
  counted = 0;
  readonly #input: TallyInput;

  constructor(input: TallyInput) {
    this.#input = input;
  }

  look(asset: Asset): void {
    if (this.members.has(asset.id)) return;
    this.members.add(asset.id);
    if (asset.visibility !== "hidden") this.counted++;
    const share = this.byOwner.get(asset.ownerId) ?? { count: 0, unfit: [] };
    this.byOwner.set(asset.ownerId, share);
    share.count++;
    const own = asset.ownerId === this.#input.ownUserId;
    if (!belongs(asset, this.#input.scope, own)) share.unfit.push(asset.id);
  }

  /** For a face without a person, which the asset's answer to a flat search does not show. */
  markUnfit({ id, ownerId }: Asset): void {
    this.byOwner.get(ownerId)?.unfit.push(id);
  }
}

/** What the list of the library shows; keeps only the ids of what is missing in the album. */
export class LibraryTally {
  read = 0;
  matching = 0;
  anyPeople = false;
  readonly missing = new Set<string>();
  /** Missing too, but uploaded too late. */
  readonly heldBack = new Set<string>();
  /** The user, and with INCLUDE_PARTNERS the partners: only they are in the library. */
  readonly owners = new Set<string>();
  readonly #input: TallyInput;
  readonly #members: ReadonlySet<string>;

  constructor(input: TallyInput, members: ReadonlySet<string>) {
    this.#input = input;
    this.#members = members;
  }

  look(asset: Asset): void {
    const { scope, includePartners, ownUserId, uploadedBefore } = this.#input;
    const own = asset.ownerId === ownUserId;
    if (!own && !includePartners) return;
    this.owners.add(asset.ownerId);
    this.read++;
    if (asset.people.length > 0) this.anyPeople = true;
    if (!belongs(asset, scope, own)) return;
    this.matching++;
    if (this.#members.has(asset.id)) return;
    if (asset.createdAt > uploadedBefore) this.heldBack.add(asset.id);
    else this.missing.add(asset.id);
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
  const unfit = new Set<string>();
  let foreign = unseen;
  for (const [owner, share] of album.byOwner) {
    if (owner === ownUserId || (includePartners && library.owners.has(owner))) {
      for (const id of share.unfit) unfit.add(id);
    } else foreign += share.count;
  }
  const { read, matching, missing, heldBack, anyPeople } = library;
  const inAlbum = album.members.size + unseen;
  return { read, matching, missing, heldBack, anyPeople, inAlbum, foreign, unfit };
}
