import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Fault } from "./faults.ts";

/** An answer ready to be sent. */
export interface Payload {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What a delivery needs to know of the connection. */
export interface Line {
  request: IncomingMessage;
  response: ServerResponse;
  /** Cuts the connection with RST. */
  reset: () => void;
  /** Waits, less long if the emulator is closed meanwhile. */
  pause: (ms: number) => Promise<void>;
  isOpen: () => boolean;
  /** gzip for those who accept it. */
  gzip: boolean;
  /** Waits as long as a real server would have needed, and hears what goes out. */
  pace?: (seconds: number, since: number, sentBytes: number) => Promise<void>;
}

/** Express compresses from here on. */
const GZIP_FROM_BYTES = 1024;

/** Sends the answer as it is. */
export function send(line: Line, payload: Payload): void {
  write(line, encode(line, payload));
}

/** Sends the answer when a real server would, given what it needs for it and when it was asked. */
export async function sendPaced(
  line: Line,
  payload: Payload,
  { seconds, since }: { seconds: number; since: number },
): Promise<void> {
  const encoded = encode(line, payload);
  await line.pace?.(seconds, since, encoded.body.length);
  if (line.isOpen()) write(line, encoded);
}

function write(line: Line, { status, headers, body }: Payload): void {
  line.response.writeHead(status, headers);
  line.response.end(line.request.method === "HEAD" ? undefined : body);
}

function encode({ gzip, request }: Line, payload: Payload): Payload {
  const isAccepted = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (!gzip || !isAccepted || payload.body.length < GZIP_FROM_BYTES) {
    // An answer without body has no length: 204, or 201 of a face.
    if (payload.body.length === 0) return payload;
    const length = { "content-length": String(payload.body.length) };
    return { ...payload, headers: { ...payload.headers, ...length } };
  }
  const headers = { ...payload.headers, "content-encoding": "gzip" };
  return { ...payload, headers, body: gzipSync(payload.body, { level: 1 }) };
}

type Damage = Extract<Fault, { kind: "cutJson" | "resetInBody" | "slowDrip" }>;

/** Sends the answer damaged. */
export async function sendDamaged(line: Line, payload: Payload, damage: Damage): Promise<void> {
  // Uncompressed, so that what arrives is the beginning of the JSON and not just a broken gzip.
  const { response } = line;
  const half = payload.body.subarray(0, Math.floor(payload.body.length / 2));
  const length = { "content-length": String(payload.body.length) };
  if (damage.kind === "slowDrip") return await drip(line, payload, damage);
  if (damage.kind === "cutJson" && damage.how === "truncated") {
    return send({ ...line, gzip: false }, { ...payload, body: half });
  }
  const isChunked = damage.kind === "cutJson" && damage.how === "chunked";
  response.writeHead(
    payload.status,
    isChunked ? payload.headers : { ...payload.headers, ...length },
  );
  response.write(half);
  // The first half must be on its way before the connection goes, or no status line arrives.
  await line.pause(20);
  if (damage.kind === "resetInBody") line.reset();
  else response.destroy();
}

async function drip(
  line: Line,
  payload: Payload,
  { bytes = 16, everyMs = 20 }: { bytes?: number; everyMs?: number },
): Promise<void> {
  const { response } = line;
  const length = { "content-length": String(payload.body.length) };
  response.writeHead(payload.status, { ...payload.headers, ...length });
  for (let start = 0; start < payload.body.length && line.isOpen(); start += bytes) {
    response.write(payload.body.subarray(start, start + bytes));
    await line.pause(everyMs);
  }
  if (line.isOpen()) response.end();
}

/** Streams one JSON string of so many bytes, as fast as the other side reads. */
export async function sendHuge(line: Line, bytes: number): Promise<void> {
  const { response } = line;
  const chunk = new TextEncoder().encode("a".repeat(64 * 1024));
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.write('"');
  for (let sent = 2; sent < bytes && line.isOpen(); sent += chunk.length) {
    if (!response.write(chunk)) await drained(line);
  }
  if (line.isOpen()) response.end('"');
}

function drained({ response }: Line): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
