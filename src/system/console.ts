/** Writes a text as a whole, before it returns. Never throws. */
export type Writer = (text: string) => void;

/** What a full pipe that does not block is given to be read: 10 seconds of these. */
const PAUSE_MS = 10;
const MAX_PAUSES = 1_000;

/**
 * A writer to standard output or standard error. Nothing is held back, so nothing is lost when the
 * process ends in whatever way.
 *
 * When the other end has gone (`… | head -1`) or reads nothing for ten seconds, what follows is
 * dropped in silence: a run must not end because nobody looks at its output.
 */
export function createWriter(stream: { writeSync(bytes: Uint8Array): number }): Writer {
  const encoder = new TextEncoder();
  let open = true;
  return (text) => {
    if (open) open = writeWhole(stream, encoder.encode(text));
  };
}

/** @returns Whether the stream is still of use. */
function writeWhole(
  stream: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): boolean {
  let written = 0;
  let pauses = 0;
  while (written < bytes.length) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      // Under some parents (Node, ssh) our pipe does not block: a full one throws "would block".
      const isFull = error instanceof Deno.errors.WouldBlock;
      if (!isFull || ++pauses > MAX_PAUSES) return false;
      sleep(PAUSE_MS);
    }
  }
  return true;
}

/** Holds up the whole process. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
