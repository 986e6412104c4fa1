import type { Asset } from "../immich/asset.ts";
import { belongs } from "./rule.ts";
import type { TallyInput } from "./tally.ts";

/** What the answers to the questions for differences show; keeps only ids. */
export class DeltaTally {
  readonly missing = new Set<string>();
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
    if (asset.createdAt > uploadedBefore) this.heldBack.add(asset.id);
    else this.missing.add(asset.id);
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
