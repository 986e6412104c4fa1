import type { Asset } from "../immich/asset.ts";
import { readAll, type Reader } from "../immich/read_all.ts";
import { shownQuery } from "../immich/search_page.ts";
import { anyFaceCounts, belongs, isFaceless, personCounts, type Scope } from "../sync/rule.ts";
import { divide } from "../sync/scan.ts";
import { AssetTable, type Shown } from "./asset_table.ts";
import type { Faces } from "./candidates.ts";
import { DuplicateGroups } from "./duplicate_groups.ts";
import { facesIn } from "./unassigned_faces.ts";

/** Which assets are looked at, and how. */
export interface LibraryInput {
  readonly reader: Reader;
  readonly scope: Scope;
  /** Undefined when the user has no assets that could tell. */
  readonly ownUserId: string | undefined;
  /** Assets uploaded later than this (milliseconds since 1970) have not been looked at by Immich. */
  readonly uploadedBefore: number;
}

/** What the listing shows, as far as it is of use. Other owners' assets are not. */
export class OwnLibrary {
  readonly table = new AssetTable();
  readonly duplicates = new DuplicateGroups();
  /** Faces of nobody, by row; only 2.x tells. */
  readonly faces = new Map<number, Faces>();
  readonly #input: LibraryInput;

  constructor(input: LibraryInput) {
    this.#input = input;
  }

  /** @param hasFace whether a face counts that the asset's own answer may not show */
  look(asset: Asset, hasFace = false): void {
    const { scope, ownUserId } = this.#input;
    if (asset.ownerId !== ownUserId) return;
    const isCandidate = !hasFace && mayBeMissed(this.#input, asset);
    const shown = !hasFace && isFaceless(asset, scope.rule) ? undefined : whoCounts(asset, scope);
    const row = this.table.add(asset, { isCandidate, shown });
    const { duplicateId, unassignedFaces = [], people } = asset;
    if (duplicateId !== undefined) this.duplicates.add(duplicateId, row);
    // With people on it, a face of nobody is only one more in the crowd.
    if (isCandidate && people.length === 0 && unassignedFaces.length > 0) {
      this.faces.set(row, facesIn(unassignedFaces));
    }
  }
}

/** Whether the rule takes this own asset for faceless, and Immich has had its time to look at it. */
export function mayBeMissed(
  { scope, ownUserId, uploadedBefore }: LibraryInput,
  asset: Asset,
): boolean {
  return asset.ownerId === ownUserId && belongs(asset, scope, true) &&
    asset.createdAt <= uploadedBefore;
}

/** Those on the asset because of whom it does not belong to the album. */
function whoCounts({ people }: Asset, { rule }: Scope): Shown[] {
  return people.filter((person) => personCounts(person, rule))
    .map(({ id, name }) => ({ id, name }));
}

/**
 * Reads the timeline, and the archive too: an asset that has been put away still shows who was
 * there, even where archived ones are no candidates.
 */
export async function readLibrary(
  { reader, scope }: LibraryInput,
  library: OwnLibrary,
): Promise<void> {
  const look = (assets: readonly Asset[]) => assets.forEach((asset) => library.look(asset));
  reader.onProgress?.({ step: "Reading the library" });
  const ranges = await divide(reader);
  if (!reader.server.structuredSearch) {
    // What can't be divided first, so that nothing else has to wait for it in the end.
    return await readAll(reader, [
      { query: { visibility: "archive" }, look },
      { query: { visibility: "timeline" }, ranges, look },
    ]);
  }
  // In one list where that can be asked: a list of the few archived ones goes through all others.
  if (!anyFaceCounts(scope.rule, true)) {
    return await readAll(reader, [{ query: shownQuery(true, {}), ranges, look }]);
  }
  // From 3.2 on no answer shows a face of nobody: only the question tells.
  const lookAtFaced = (assets: readonly Asset[]) =>
    assets.forEach((asset) => library.look(asset, true));
  await readAll(reader, [
    { query: shownQuery(true, { hasPeople: { eq: false } }), ranges, look },
    { query: shownQuery(true, { hasPeople: { eq: true } }), ranges, look: lookAtFaced },
  ]);
}
