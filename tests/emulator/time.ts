/** Microseconds since 1970, the precision of the server's rows (JavaScript's Date has ms only). */
export type Micros = number;

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads an ISO 8601 time with up to six decimals. Without `Z` or an offset it is taken as UTC.
 * @throws Error if it is not a time
 */
export function parseMicros(iso: string): Micros {
  const match = ISO.exec(iso);
  if (match === null) throw new Error(`not an ISO time: ${JSON.stringify(iso)}`);
  const [, date, time = "00:00:00", fraction = "", zone = "Z"] = match;
  const millis = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  if (Number.isNaN(millis)) throw new Error(`not an ISO time: ${JSON.stringify(iso)}`);
  return millis * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** Whether a client may send this as a time: the server asks for `Z` or an offset. */
export function isZonedTime(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const match = ISO.exec(value);
  return match !== null && match[2] !== undefined && match[4] !== undefined;
}

/** "2016-02-02T10:01:00.000Z": what answers show, the microseconds are cut off. */
export function millisOf(time: Micros): string {
  return new Date(Math.floor(time / 1000)).toISOString();
}

/** "2026-11-22T08:18:30.784763+00:00": rows that go out as the database prints them. */
export function rowTimeOf(time: Micros): string {
  const micros = ((time % 1_000_000) + 1_000_000) % 1_000_000;
  const fraction = micros === 0 ? "" : `.${String(micros).padStart(6, "0").replace(/0+$/, "")}`;
  return `${millisOf(time).slice(0, 19)}${fraction}+00:00`;
}

/** "2016-02-02T10:01:00" or with microseconds: the columns of a timeline bucket. */
export function bucketTimeOf(time: Micros): string {
  return rowTimeOf(time).slice(0, -"+00:00".length);
}

/** "2016-02-02T00:00:00.000Z": first and last day of an album. */
export function dayOf(time: Micros): string {
  return `${millisOf(time).slice(0, 10)}T00:00:00.000Z`;
}

/** Now, with made-up microseconds, so that no test relies on whole milliseconds. */
export function nowMicros(): Micros {
  return Date.now() * 1000 + Math.floor(performance.now() * 1000) % 1000;
}
