import { Buffer } from "node:buffer";

/** First bytes of the kinds of picture that Immich makes thumbnails of, and of PNG. */
const KINDS: readonly { readonly type: string; readonly begins: (bytes: Buffer) => boolean }[] = [
  { type: "image/webp", begins: (bytes) => has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP") },
  { type: "image/jpeg", begins: (bytes) => has(bytes, 0, "\xff\xd8\xff") },
  { type: "image/png", begins: (bytes) => has(bytes, 0, "\x89PNG\r\n\x1a\n") },
];

function has(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString("latin1", at, at + text.length) === text;
}

/**
 * The file as a `data:` address, or undefined when it is no picture by its own first bytes,
 * whatever the server says it is, or has a secret in it.
 */
export function pictureAddress(
  bytes: Uint8Array,
  redact: (text: string) => string,
): string | undefined {
  const buffer = Buffer.from(bytes);
  const kind = KINDS.find(({ begins }) => begins(buffer));
  if (kind === undefined) return undefined;
  const text = buffer.toString("latin1");
  const address = `data:${kind.type};base64,${buffer.toString("base64")}`;
  return redact(text) === text && redact(address) === address ? address : undefined;
}
