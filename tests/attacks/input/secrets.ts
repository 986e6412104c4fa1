/** A run in which everything is secret that can be, on a server that may do anything with it. */

import { Buffer } from "node:buffer";
import { formatEnvLine } from "../../../src/config/env_file.ts";
import {
  createAuthority,
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type World,
} from "../../emulator/mod.ts";
import { type MailServer, startMailServer } from "../../support/mail_server.ts";
import { createHome, type Home } from "../../support/home.ts";
import { type Outcome, type ProgramOptions, runProgram } from "../../support/program.ts";

/** With all that is special to shells, env files, JSON, URLs, HTML and regular expressions. */
export const KEY = `k3y"\\#$%'&<+/=~{0}[x]^(y)|z*-Zq81`;
const TOKEN = `t0k3n "q" \\u0041 %20+/=&<b>'${"x4J7"}-Wv92`;
const LONG = Array.from({ length: 30 }, (_, i) => `L${i}g7Z`).join("-");
const GATE = "G4te pa$$ wörd%";
export const PASSWORD = ` p4ss  wörd"\\#$\{HOME}%'&<é-Xr73 `;

const authority = await createAuthority();
const server = await authority.issueServer();
const client = await authority.issueClient();
const keyLines = client.key.split("\n").filter((line) => /^[\w+/=]{8,}$/.test(line));

/** Everything that must not be seen. */
export const ALL_SECRETS = [KEY, TOKEN, LONG, GATE, PASSWORD, client.key, ...keyLines];

export interface Stage extends AsyncDisposable {
  readonly world: World;
  readonly emulator: Emulator;
  readonly mailServer: MailServer;
  readonly home: Home;
  /** Runs the program; its output, log files and mails are scanned. */
  run(more?: ProgramOptions): Promise<Outcome>;
}

/** A server behind mutual TLS, a mail server, and a configuration with all secrets there are. */
export async function setStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  for (let i = 0; i < 3; i++) world.addAsset({ owner: alice });
  const issued = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  const key = world.keys.get(issued);
  if (key !== undefined) world.keys.set(KEY, { ...key, secret: KEY });
  const tls = { ...server, clientCa: authority.cert };
  const emulator = await startEmulator({ version: "3.1.0", world, tls });
  const mailServer = await startMailServer({
    security: "none",
    login: { username: "me", password: PASSWORD },
  });
  const home = createHome(emulator, KEY);
  const lines = Object.entries({
    IMMICH_URL: emulator.url,
    IMMICH_RETRIES: "0",
    API_KEY: KEY,
    IMMICH_HEADERS: `CF-Access-Client-Secret: ${TOKEN}; X-Long: ${LONG}; ` +
      `Authorization: Basic ${Buffer.from(`gate:${GATE}`).toString("base64")}`,
    IMMICH_CA_CERT: "ca.pem",
    IMMICH_CLIENT_CERT: "client.pem",
    IMMICH_CLIENT_KEY: "client.key",
    LOG_LEVEL: "debug",
    ENABLE_EMAIL_ON_ERROR: "true",
    EMAIL_SMTP_SERVER: "localhost",
    EMAIL_SMTP_PORT: String(mailServer.port),
    EMAIL_SMTP_SECURITY: "none",
    EMAIL_USERNAME: "me",
    EMAIL_PASSWORD: PASSWORD,
    EMAIL_FROM: "sync@example.com",
    EMAIL_TO: "alice@example.com",
    ...settings,
  }).map(([name, value]) => formatEnvLine(name, value));
  const files = { ".env": lines.join("\n"), "ca.pem": authority.cert };
  const all = { ...files, "client.pem": client.cert, "client.key": client.key };
  for (const [name, text] of Object.entries(all)) {
    Deno.writeTextFileSync(`${home.folder}/${name}`, text, { mode: 0o600 });
  }
  return {
    world,
    emulator,
    mailServer,
    home,
    run: (more = {}) => runProgram({ cwd: home.folder, mails: mailServer.mails, ...more }),
    [Symbol.asyncDispose]: async () => {
      home[Symbol.dispose]();
      await Promise.all([emulator.close(), mailServer.close()]);
    },
  };
}
