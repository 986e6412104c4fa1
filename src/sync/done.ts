/** One asset that could not be added or removed, with Immich's word for why. */
export interface FailedAsset {
  readonly id: string;
  readonly action: "add" | "remove";
  readonly error: string;
}

/** What has been done so far; filled while it is done, so that it is right after a failure too. */
export interface Done {
  album: { readonly id: string; readonly created: boolean } | undefined;
  /** Assets of the plan that are in the album now. */
  added: number;
  /** Assets of the plan that are not in the album any more. */
  removed: number;
  readonly failed: FailedAsset[];
}

export function nothingDone(albumId: string | undefined): Done {
  return {
    album: albumId === undefined ? undefined : { id: albumId, created: false },
    added: 0,
    removed: 0,
    failed: [],
  };
}
