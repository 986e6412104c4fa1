/** What a run tells somebody who looks on. */
export type Progress =
  /** A step begins. `total`: how many assets it is about, where that is known, if only roughly. */
  | { readonly step: string; readonly total?: number }
  /** The total of the step has become known. */
  | { readonly total: number }
  /** So many more assets of the step are done. */
  | { readonly done: number };

/** Called often, so that it must be quick; never throws. */
export type OnProgress = (progress: Progress) => void;
