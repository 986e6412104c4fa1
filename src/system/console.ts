import { reasonOf } from "./files.ts";
import { EXIT } from "../exit_code.ts";

/** Writes a text as a whole, before it returns. Never throws. */
export type Writer = (text: string) => void;

/** What a full pipe that does not block is given to be read: 10 seconds of these. */
const PAUSE_MS = 10;
const MAX_PAUSES = 1_000;

interface Stream {
  writeSync(bytes: Uint8Array): number;
}

/**
 * A writer to standard output or standard error. Nothing is held back, so nothing is lost when the
 * process ends in whatever way.
 *
 * When the other end has gone (`… | head -1`) or reads nothing for ten seconds, what follows is
 * dropped in silence: a run must not end because nobody looks at its output. When standard output
 * can't be written for another reason, such as a full disk, the run goes on too, but standard error
 * says so, and `Deno.exitCode` is 1.
 */
export function createWriter(stream: Stream): Writer {
  const encoder = new TextEncoder();
  let open = true;
  return (text) => {
    if (!open) return;
    const failure = writeWhole(stream, encoder.encode(text));
    open = failure === undefined;
    if (open || stream !== Deno.stdout || isNobodyThere(failure)) return;
    Deno.exitCode = EXIT.failed;
    const sentence = `Cannot write to standard output: ${reasonOf(failure)}.\n`;
    writeWhole(Deno.stderr, encoder.encode(sentence));
  };
}

/** What `--json` prints: one document, over several lines unless `indent` says otherwise. */
export function printJson(document: unknown, indent = 2): void {
  createWriter(Deno.stdout)(JSON.stringify(document, null, indent) + "\n");
}

function isNobodyThere(error: unknown): boolean {
  const { BrokenPipe, ConnectionReset, WouldBlock } = Deno.errors;
  return [BrokenPipe, ConnectionReset, WouldBlock].some((kind) => error instanceof kind);
}

/** @returns why the stream is of no use any more, if it is not */
function writeWhole(stream: Stream, bytes: Uint8Array): unknown {
  let written = 0;
  let pauses = 0;
  while (written < bytes.length) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      // Under some parents (Node, ssh) our pipe does not block: a full one throws "would block".
      const isFull = error instanceof Deno.errors.WouldBlock;
      if (!isFull || ++pauses > MAX_PAUSES) return error;
      sleep(PAUSE_MS);
    }
  }
  return undefined;
}

/** Holds up the whole process. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
