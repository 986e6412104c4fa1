import type { ImmichConfig } from "../config/config.ts";
import type { Transport } from "./transport.ts";

/**
 * Deno's `fetch` with the configured certificates. It refuses a certificate that is marked as a CA
 * (what plain `openssl req -x509` makes), and a server's own that somebody else has issued, even if
 * it is among the trusted ones. Then, and only if IMMICH_CA_CERT is set, this and all later requests
 * go through `node:https`, which looks at the certificate by our own rules.
 */
export function createTransport(config: ImmichConfig): Transport {
  const primary = createFetchTransport(config);
  let selfSigned: Transport | undefined;
  return {
    async send(request) {
      if (selfSigned !== undefined) return await selfSigned.send(request);
      try {
        return await primary.send(request);
      } catch (error) {
        if (config.caCertificates === undefined || !mayBeOwn(error)) throw error;
        // Loaded only now: few need it.
        const { createSelfSignedTransport } = await import("./self_signed.ts");
        selfSigned ??= createSelfSignedTransport(config.caCertificates, config.clientCertificate);
        return await selfSigned.send(request);
      }
    },
    close() {
      primary.close();
      selfSigned?.close();
    },
  };
}

function createFetchTransport(config: ImmichConfig): Transport {
  const client = Deno.createHttpClient({
    ...(config.caCertificates === undefined ? {} : { caCerts: [config.caCertificates] }),
    ...(config.clientCertificate ?? {}),
  });
  return {
    async send({ method, url, headers, body, once, signal }) {
      return await fetch(url, {
        client,
        method,
        headers,
        signal,
        redirect: "manual",
        // fetch silently repeats a request whose kept connection the server has closed, unless its
        // body is a stream (seen with Deno 2.7.14 and 2.9.6).
        ...(body === undefined ? {} : { body: once ? new Blob([body]).stream() : body }),
      });
    },
    close: () => client.close(),
  };
}

/** Deno 2.9 names the reason in `cause`, older ones in `message`. */
function mayBeOwn(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (/CaUsedAsEndEntity|UnknownIssuer/.test(e.message)) return true;
  }
  return false;
}
