/** What a parser of one variable answers. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly warning?: string }
  | {
    readonly ok: false;
    /** Goes on after "NAME must ". */
    readonly must: string;
    /** What to do about it, a sentence part after the value found, of which it holds nothing. */
    readonly hint?: string | undefined;
    /** What may have been meant; made from the value, so it is as secret as that. */
    readonly guess?: string | undefined;
  };

/** `baseDir`: the folder that relative paths in this value are relative to. */
export type Parser<T> = (text: string, baseDir: string) => Parsed<T>;

export function valid<T>(value: T, warning?: string): Parsed<T> {
  return warning === undefined ? { ok: true, value } : { ok: true, value, warning };
}

export function invalid(must: string, hint?: string, guess?: string): Parsed<never> {
  return { ok: false, must, hint, guess };
}
