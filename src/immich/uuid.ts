/** A UUID is as many numbers of 32 bits, which take a sixth of the room of its text. */
export const UUID_WORDS = 4;

/** Where the digits of a UUID begin, eight for each number, without the hyphens. */
const DIGITS = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22],
  ...[24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35],
];
const HYPHENS = [8, 13, 18, 23];

/** Writes the numbers of a UUID; false when it is none. */
export function parseUuid(id: string, into: Uint32Array): boolean {
  if (id.length !== 36 || HYPHENS.some((at) => id[at] !== "-")) return false;
  for (let word = 0; word < UUID_WORDS; word++) {
    let value = 0;
    for (let digit = 0; digit < 8; digit++) {
      const nibble = nibbleOf(id.charCodeAt(DIGITS[word * 8 + digit] ?? 0));
      if (nibble < 0) return false;
      value = value << 4 | nibble;
    }
    into[word] = value;
  }
  return true;
}

/** The value of a hexadecimal digit, or -1. */
function nibbleOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

const HEX = new TextEncoder().encode("0123456789abcdef");
const TEXT = new Uint8Array(36).fill(45);
const DECODER = new TextDecoder();

/**
 * The UUID of the numbers from `at` on, in lower case. In one piece: an id that is put together of
 * parts keeps all of them, 300 bytes.
 */
export function formatUuid(words: Uint32Array, at: number): string {
  for (let word = 0; word < UUID_WORDS; word++) {
    const value = words[at + word] ?? 0;
    for (let digit = 0; digit < 8; digit++) {
      TEXT[DIGITS[word * 8 + digit] ?? 0] = HEX[value >>> (28 - 4 * digit) & 15] ?? 0;
    }
  }
  return DECODER.decode(TEXT);
}
