import {
  type Certificate,
  createAuthority,
  createExpired,
  type Emulator,
} from "../../emulator/mod.ts";
import type { Blow } from "./blow.ts";

const authority = await createAuthority();
const stranger = await createAuthority("Another CA");
const server = await authority.issueServer();

/** On the port of the server somebody else answers: one with a wrong certificate, or without one. */
export const WRONG_TLS: readonly Blow[] = [
  impostor("a certificate of another CA", await stranger.issueServer()),
  impostor("a certificate that has expired", await createExpired()),
  impostor(
    "a certificate for another name",
    await authority.issueServer({ names: ["photos.example"], ips: [] }),
  ),
  impostor("plain HTTP where TLS was", undefined),
];

function impostor(name: string, certificate: Certificate | undefined): Blow {
  const standIns = new Map<Emulator, Promise<AsyncDisposable>>();
  return {
    name,
    effect: "fatal",
    errors: ["CertificateError"],
    lengths: ["lasting"],
    scenarios: ["mirror"],
    tls: { ...server, trusted: authority.cert },
    rules: ({ emulator }) => [
      {
        fault: {
          kind: "before",
          run: () => {
            if (standIns.has(emulator)) return;
            standIns.set(emulator, emulator.pause().then(() => listen(emulator.port, certificate)));
          },
        },
      },
      { fault: { kind: "hang" } },
    ],
    mend: async ({ emulator }) => {
      await (await standIns.get(emulator))?.[Symbol.asyncDispose]();
      standIns.delete(emulator);
      await emulator.resume();
    },
  };
}

/**
 * Not another emulator: servers of `node:https` in one process share their TLS sessions, so that a
 * client would resume its session with this one and rightly look at no certificate.
 */
function listen(port: number, certificate: Certificate | undefined): AsyncDisposable {
  const options = { hostname: "127.0.0.1", port };
  const listener = certificate === undefined
    ? Deno.listen(options)
    : Deno.listenTls({ ...options, ...certificate });
  const serving = serve(listener);
  return {
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving; // until then the port is taken
    },
  };
}

async function serve(listener: Deno.Listener): Promise<void> {
  const answers: Promise<void>[] = [];
  for await (const connection of listener) answers.push(answer(connection));
  await Promise.all(answers);
}

async function answer(connection: Deno.Conn): Promise<void> {
  try {
    await connection.read(new Uint8Array(1024));
    await connection.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
  } catch {
    // The client did not like the certificate and has left.
  } finally {
    connection.close();
  }
}
