/** Mixes 32 bits so that neighbours look unrelated; `unmix32` turns it back (murmur3's finaliser). */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

export function unmix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7ed1b41d);
  x ^= x >>> 13;
  x = Math.imul(x ^ (x >>> 26), 0xa5cb9243);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A number in [0, 1) for the property `salt` of asset `index`; always the same one. */
export function fraction(index: number, salt: number): number {
  return mix32(Math.imul(index + 1, 0x9e3779b1) ^ mix32(salt)) / 4_294_967_296;
}
