import type { Album, ApiKey, Asset, Face, User, World } from "../../emulator/mod.ts";

/** What the user of a scenario wants in the album, as the model of these tests understands it. */
export interface Wish {
  readonly archived: boolean;
  readonly partners: boolean;
  readonly types: readonly Asset["type"][];
  /** Whether this (visible) face keeps its asset out of the album. */
  readonly counts: (face: Face) => boolean;
}

/** A world in which a run has something of everything to do. */
export interface Stage {
  readonly world: World;
  readonly key: ApiKey;
  readonly us: User;
  readonly wish: Wish;
  /** Variables beside the server's address and key. */
  readonly settings: Readonly<Record<string, string>>;
  /** The album of the run, as it is now. */
  readonly album: () => Album | undefined;
  /** Assets that faults change in the middle of a run. */
  readonly cast: { readonly missing: Asset; readonly unfit: Asset; readonly kept: Asset };
  /** Names of the assets that a run must add and remove: by hand, not by the model. */
  readonly expected: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

export interface Scenario {
  readonly name: string;
  readonly versions: readonly string[];
  /** More than one page to list: slow, so only for blows that say so. */
  readonly pages?: boolean;
  readonly build: () => Stage;
}

/** The members of the album, by id; none where there is no album. */
export function membersOf(stage: Stage): ReadonlySet<string> {
  return new Set([...stage.album()?.assets ?? []].map(({ id }) => id));
}
