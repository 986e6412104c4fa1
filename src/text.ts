/** How texts, numbers and dates are written, wherever a person reads them. */

/** Control characters, line breaks of all kinds included. */
export function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

/** Safe to print: quoted, cut, backslashes as they are, nothing that moves a cursor or turns the direction of writing. */
export function shown(value: string): string {
  const characters = [...value];
  const cut = characters.length > 80 ? characters.slice(0, 80).join("") + "…" : value;
  return JSON.stringify(cut).replaceAll("\\\\", "\\").replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, "0")}`,
  );
}

/** In one line, trimmed: what somebody else wrote and is quoted in a sentence. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}

/** As {@link oneLine}, of so many characters at most. */
export function excerpt(text: string, most: number): string {
  return [...oneLine(text)].slice(0, most).join("");
}

/** `1,234,567`; toLocaleString takes 30 ms when it is used for the first time. */
export function number(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1,234 assets`, `1 asset` */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** About how long: `30 seconds`, `90 minutes`, `24 hours`, `7 days`. */
export function span(milliseconds: number): string {
  if (milliseconds < 60_000) return count(Math.max(0, Math.ceil(milliseconds / 1000)), "second");
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return count(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

/** `2026-11-22`, in universal time, as certificates have it. */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unknown day" : date.toISOString().slice(0, 10);
}

/** `2026-11-22 10:00:00`, on the clock of this machine. */
export function localTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":")}`;
}
