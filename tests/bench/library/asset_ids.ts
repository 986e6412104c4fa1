import { mix32, unmix32 } from "./mixing.ts";

/** What the ids of made assets have in common; any number would do. */
const SEED = 0x1f3d5b79;

/** The id of the asset with this serial number: a v4 UUID whose first 32 bits are the number. */
export function idOfSerial(serial: number): string {
  const first = mix32(serial ^ SEED);
  const second = mix32(first ^ 0x11111111);
  const third = mix32(first ^ 0x22222222);
  const fourth = mix32(first ^ 0x33333333);
  const middle = hex8(second);
  const variant = (8 + (third >>> 30)).toString(16);
  const end = hex8(third);
  return `${hex8(first)}-${middle.slice(0, 4)}-4${middle.slice(5)}-${variant}${end.slice(1, 4)}-${
    end.slice(4)
  }${hex8(fourth)}`;
}

/** The serial number of an id made by `idOfSerial`; of any other text a number, or NaN. */
export function serialOfId(id: string): number {
  return (unmix32(Number.parseInt(id.slice(0, 8), 16)) ^ SEED) >>> 0;
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, "0");
}
