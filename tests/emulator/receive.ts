import { Buffer } from "node:buffer";
import type http from "node:http";
import { MAX_BODY_BYTES, type Received } from "./exchange.ts";
import type { LoggedRequest } from "./request_log.ts";

/** Stands for a path outside of the prefix; no request can have it. */
export const OUTSIDE = "";

/** Reads a request; null if the client left before it had sent everything. */
export async function receive(
  request: http.IncomingMessage,
  prefix: string,
): Promise<{ logged: LoggedRequest; received: Received } | null> {
  const content = await readBody(request);
  if (content === null) return null;
  const { bytes, text } = content;
  const tooLarge = bytes > MAX_BODY_BYTES;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  const { body, malformed } = parseBody(text, headers["content-type"] ?? "");
  const [path = "", query = ""] = (request.url ?? "/").split("?", 2);
  const logged: LoggedRequest = {
    method: request.method ?? "GET",
    path: prefix === "" || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : OUTSIDE,
    query: new URLSearchParams(query),
    body: tooLarge ? `<${bytes} bytes>` : body,
    apiKey: headers["x-api-key"] ?? null,
    headers,
    status: null,
  };
  return { logged, received: { tooLarge, malformed } };
}

async function readBody(
  request: http.IncomingMessage,
): Promise<{ bytes: number; text: string } | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    }
  } catch {
    // Nothing but a lost connection makes reading fail, and then there is nobody to answer.
    return null;
  }
  return { bytes, text: bytes > MAX_BODY_BYTES ? "" : Buffer.concat(chunks).toString("utf8") };
}

function parseBody(
  text: string,
  contentType: string,
): { body: unknown; malformed: string | null } {
  if (text === "") return { body: undefined, malformed: null };
  if (!contentType.startsWith("application/json")) return { body: text, malformed: null };
  try {
    return { body: JSON.parse(text), malformed: null };
  } catch (error) {
    // The server's answer is this very message: it runs on V8, too.
    return { body: text, malformed: error instanceof Error ? error.message : String(error) };
  }
}
