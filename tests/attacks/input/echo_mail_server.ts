import { Buffer } from "node:buffer";
import { startTcpServer, type TcpServer } from "../../support/tcp_server.ts";

/** What a client logged in with. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** As it was sent. */
  readonly encoded: string;
}

/** A mail server that refuses every login, with a reply made of it. */
export function startEchoMailServer(
  replyTo: (login: Login) => readonly string[],
): TcpServer & { readonly logins: readonly Login[] } {
  const logins: Login[] = [];
  const server = startTcpServer(async (connection) => {
    const send = (...lines: string[]) =>
      connection.write(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
    await send("220 echo.test");
    for await (const line of linesOf(connection)) {
      const [command = "", mechanism, encoded = ""] = line.split(" ");
      if (/^EHLO$/i.test(command)) await send("250-echo.test", "250 AUTH PLAIN");
      else if (/^AUTH$/i.test(command) && mechanism === "PLAIN") {
        const [, user = "", password = ""] = Buffer.from(encoded, "base64").toString().split("\0");
        const login = { user, password, encoded };
        logins.push(login);
        const reply = replyTo(login);
        await send(...reply.map((text, at) => `535${at < reply.length - 1 ? "-" : " "}${text}`));
      } else await send("221 bye");
    }
  });
  return {
    logins,
    port: server.port,
    [Symbol.dispose]: () => server[Symbol.dispose](),
  };
}

async function* linesOf(connection: Deno.TcpConn): AsyncGenerator<string> {
  let rest = "";
  for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\r\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
