import { Agent, request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import type { IncomingResponse, Transport } from "./transport.ts";

/**
 * A transport over `node:https` that trusts exactly the given certificates, also when one of them
 * is the server's own and marked as a CA. Name and validity are verified all the same.
 *
 * @param caCertificates PEM text
 */
export function createSelfSignedTransport(
  caCertificates: string,
  clientCertificate: { readonly cert: string; readonly key: string } | undefined,
): Transport {
  const agent = new Agent({ keepAlive: true, ca: caCertificates, ...(clientCertificate ?? {}) });
  return {
    send: ({ method, url, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const request = httpsRequest(url, {
          agent,
          method,
          signal,
          headers: {
            "accept-encoding": "gzip",
            ...Object.fromEntries(headers),
            ...(body === undefined ? {} : { "content-length": String(byteLength(body)) }),
          },
        }, (message) => resolve(toResponse(message)));
        request.on("error", reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function toResponse(message: IncomingMessage): IncomingResponse {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const raw = bodyOf(message);
  const body = headers.get("content-encoding") === "gzip"
    ? raw.pipeThrough(new DecompressionStream("gzip"))
    : raw;
  return { status: message.statusCode ?? 0, headers, body: asBytes(body) };
}

/** The same as a stream of bytes, which the body of a fetch is too. */
function asBytes(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      controller.close();
      controller.byobRequest?.respond(0); // else the read under way never ends
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Flow control is kept: the socket is paused while nobody reads. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      message.on("data", (chunk: Uint8Array) => {
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 1) <= 0) message.pause();
      });
      message.on("end", () => closeQuietly(controller));
      message.on("error", (error) => controller.error(error));
      message.on("aborted", () => controller.error(new Error("error reading a body: aborted")));
    },
    pull: () => void message.resume(),
    cancel: () => void message.destroy(),
  });
}

/** "end" can follow an abort, after which there is nothing left to close. */
function closeQuietly(controller: ReadableStreamDefaultController<unknown>): void {
  try {
    controller.close();
  } catch {
    // The stream has already failed, and its reader has been told.
  }
}
