/** How texts, numbers and dates are written, wherever a person reads them. */

/** Control characters, line breaks of all kinds included. */
export function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

/** Safe to print: quoted, cut, nothing that moves a cursor or turns the direction of writing. */
export function shown(value: string): string {
  const characters = [...value];
  const cut = characters.length > 80 ? characters.slice(0, 80).join("") + "…" : value;
  return JSON.stringify(cut).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, "0")}`,
  );
}
