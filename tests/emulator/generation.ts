/** The three behaviours of Immich servers that the emulator tells apart. */
export type Generation = "2.x" | "3.0" | "3.2";

/** A server version as `/server/version` gives it. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
  /** "3.1.0", without a leading "v". */
  text: string;
  generation: Generation;
  /**
   * What becomes of the flat fields of a search, deprecated since 3.2. What 4 will do nobody knows:
   * here 4.0 refuses them, and later ones ignore them silently.
   */
  flatFields: "used" | "refused" | "ignored";
  /** Whether the people on a partner's asset are shown: later than the recorded 3.2 they are not (SOURCE). */
  partnersPeople: boolean;
}

/** Reads "2.7.5", "v3.1.0" …; 3.0 and 3.1 behave alike, as do all from 3.2 on but for flat fields. */
export function parseVersion(text: string): Version {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (match === null) throw new Error(`not a version like "3.1.0": ${JSON.stringify(text)}`);
  const [major, minor, patch] = match.slice(1).map(Number) as [number, number, number];
  const generation = major < 3 ? "2.x" : major === 3 && minor < 2 ? "3.0" : "3.2";
  const flatFields = major < 4 ? "used" : minor === 0 && major === 4 ? "refused" : "ignored";
  const partnersPeople = generation !== "3.2" || (major === 3 && minor === 2 && patch === 0);
  return {
    major,
    minor,
    patch,
    text: `${major}.${minor}.${patch}`,
    generation,
    flatFields,
    partnersPeople,
  };
}
