import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { connect, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createTransport } from "../../../src/immich/fetch_transport.ts";
import { type Certificate, createSelfSigned } from "../../emulator/mod.ts";
import { immichConfig } from "../../support/immich_config.ts";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" ? address?.port ?? 0 : 0;
}

/** Everything goes through it, but `from` becomes `to` on its way to the client. */
function createSwap(port: number, from: Buffer, to: Buffer): Server {
  return createServer((client) => {
    const server = connect(port, "127.0.0.1");
    client.on("error", () => server.destroy());
    server.on("error", () => client.destroy());
    client.pipe(server);
    server.on("data", (data) => {
      const at = data.indexOf(from);
      if (at >= 0) to.copy(data, at);
      client.write(data);
    });
    server.on("end", () => client.end());
  });
}

/** Asks a TLS server whose certificate is changed on the way; resolves to the requests it got. */
async function askThrough(
  real: Certificate,
  shown: Certificate,
  trusted = shown,
): Promise<{ result: unknown; received: string }> {
  let received = "";
  // In TLS 1.3 the certificate can't be changed on the way: it is encrypted.
  const server = createTlsServer({ ...real, maxVersion: "TLSv1.2" }, (socket) => {
    socket.on("data", (data) => {
      received += data;
      socket.end("HTTP/1.1 204 No Content\r\n\r\n");
    });
  });
  const [from, to] = [real, shown].map(({ cert }) => Buffer.from(new X509Certificate(cert).raw));
  assert.ok(from !== undefined && to !== undefined && from.length === to.length);
  const swap = createSwap(await listen(server), from, to);
  const url = `https://localhost:${await listen(swap)}`;
  const config = immichConfig({ url }, "k3y", { caCertificates: trusted.cert });
  const transport = createTransport(config);
  const request = {
    method: "GET",
    url,
    headers: new Headers({ "x-api-key": "k3y" }),
    body: undefined,
    once: false,
    signal: AbortSignal.timeout(10_000),
  };
  const result = await transport.send(request).then(({ status }) => status, (error) => error);
  transport.close();
  swap.close();
  server.close();
  return { result, received };
}

Deno.test({
  name: "whoever shows another certificate, or the trusted one without its key, gets nothing",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const [own, thief] = await Promise.all([createSelfSigned(), createSelfSigned()]);
    const honest = await askThrough(own, own);
    assert.equal(honest.result, 204);
    assert.match(honest.received, /x-api-key: k3y/i);
    const stolen = await askThrough(thief, own);
    assert.ok(stolen.result instanceof Error, String(stolen.result));
    assert.equal(stolen.received, "");
    const stranger = await askThrough(thief, thief, own);
    assert.ok(stranger.result instanceof Error, String(stranger.result));
    assert.equal(stranger.received, "");
  },
});
