import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, createSecureContext } from "node:tls";
import type { IncomingResponse, Transport } from "./transport.ts";
import { certificatesOf, whyNotTrusted } from "./trusted_certificate.ts";

/**
 * A transport over `node:https` that trusts exactly the given certificates and what they have issued
 * themselves, also what rustls takes for no server's certificate; see {@link whyNotTrusted}. Nothing
 * is sent before the certificate has been looked at.
 *
 * @param caCertificates PEM text
 */
export function createSelfSignedTransport(
  caCertificates: string,
  clientCertificate: { readonly cert: string; readonly key: string } | undefined,
): Transport {
  const agent = createCarefulAgent(caCertificates, clientCertificate);
  return {
    send: ({ method, url, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const options = { agent, method, signal };
        const request = httpsRequest(url, options, (message) => resolve(toResponse(message)));
        // Not among the options: with NODE_DEBUG=http Deno prints those.
        request.setHeader("accept-encoding", "gzip");
        for (const [name, value] of headers) request.setHeader(name, value);
        if (body !== undefined) request.setHeader("content-length", byteLength(body));
        request.on("error", reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Hands out connections whose certificate is trusted, and keeps the client's key to itself. */
function createCarefulAgent(
  caCertificates: string,
  clientCertificate: { readonly cert: string; readonly key: string } | undefined,
): Agent {
  const trusted = certificatesOf(caCertificates);
  const secureContext = createSecureContext(clientCertificate);
  const createConnection = (
    { host, port }: RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void,
  ): undefined => {
    const name = (host ?? "").replace(/^\[(.*)\]$/, "$1");
    const socket = connect({
      host: name,
      port: Number(port),
      // The name of an IP address must not be sent, by the standard.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      secureContext,
      // It would refuse the very certificates that this is for; they are looked at below instead.
      rejectUnauthorized: false,
    });
    const fail = (error: Error) => callback(error, socket);
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      const problem = whyNotTrusted(socket.getPeerCertificate(), name, trusted);
      if (problem !== undefined) return void socket.destroy(problem);
      socket.off("error", fail);
      callback(null, socket);
    });
    return undefined; // else the request would go out at once
  };
  return Object.assign(new Agent({ keepAlive: true }), { createConnection });
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
