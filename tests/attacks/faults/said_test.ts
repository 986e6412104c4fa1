import assert from "node:assert/strict";
import { createHome } from "../../support/home.ts";
import { runProgram } from "../../support/program.ts";
import { type Fault, startEmulator } from "../../emulator/mod.ts";
import { isChange, isSearch } from "./blow.ts";
import { MIRROR } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import { closedPort } from "../../support/tcp_server.ts";

// One of each kind of error, as somebody reads it who finds it in the mail of cron. That nothing
// secret is in it, `runProgram` looks at itself.

interface Sample {
  readonly name: string;
  readonly fault?: Fault;
  readonly where?: typeof isSearch;
  readonly settings?: Readonly<Record<string, string>>;
  readonly prepare?: (stage: Stage) => void;
  /** What is wrong, and what to do about it. */
  readonly said: RegExp;
}

const SAMPLES: readonly Sample[] = [
  {
    name: "ConnectionError",
    fault: { kind: "reset" },
    said: /connection to .* broke.*Check the network/,
  },
  {
    name: "ConnectionError of a closed port",
    settings: { IMMICH_URL: `http://127.0.0.1:${closedPort()}` },
    said: /127\.0\.0\.1:\d+ refused the connection.*port in IMMICH_URL/,
  },
  {
    name: "ConnectionError of a port that the Fetch standard blocks",
    settings: { IMMICH_URL: "http://127.0.0.1:10080", IMMICH_RETRIES: "5" },
    said: /127\.0\.0\.1:10080 uses a port that is reserved.*set it in IMMICH_URL/,
  },
  {
    name: "TimeoutError",
    fault: { kind: "hang" },
    settings: { IMMICH_TIMEOUT: "1s", IMMICH_RETRIES: "0" },
    said: /no complete answer within 1 s.*IMMICH_TIMEOUT/,
  },
  {
    name: "CertificateError",
    settings: { IMMICH_URL: "https" },
    said: /does not speak TLS.*http:\/\/ in IMMICH_URL/,
  },
  {
    name: "RedirectError",
    fault: { kind: "redirect", to: "https://login.example/?next=%2F" },
    said: /redirected to https:\/\/login\.example.*IMMICH_HEADERS/,
  },
  {
    name: "UnauthorizedError",
    fault: { kind: "revokeKey" },
    where: isSearch,
    said: /does not accept the API key.*Set API_KEY to a valid key/,
  },
  {
    name: "ForbiddenError",
    prepare: ({ key }) => key.permissions.splice(0, 1),
    said: /lacks the permission asset\.read.*Grant asset\.read/,
  },
  {
    name: "NotFoundError",
    fault: { kind: "status", status: 404, body: "<html>nginx</html>", contentType: "text/html" },
    said: /does not exist on this server.*IMMICH_URL/,
  },
  {
    name: "MaintenanceError",
    fault: { kind: "startMaintenance" },
    where: isSearch,
    said: /in maintenance mode.*run again/,
  },
  {
    name: "RejectedError",
    fault: { kind: "before", run: (world) => world.albums.clear() },
    where: isChange,
    said: /Cannot change the album.*deleted during the run/,
  },
  {
    name: "ServerError",
    fault: {
      kind: "status",
      status: 502,
      body: "<html>\n at nginx</html>",
      contentType: "text/html",
    },
    said: /server answered 502.*log of the Immich server/,
  },
  {
    name: "AnswerError of a login page",
    fault: { kind: "loginPage" },
    said: /web page instead of data.*IMMICH_URL/,
  },
  {
    name: "AnswerError of another form",
    fault: { kind: "json", body: {} },
    where: isSearch,
    said: /in another form than Immich does: assets is missing.*IMMICH_URL/,
  },
  {
    name: "AnswerError of a list that can't be trusted",
    fault: {
      kind: "before",
      run: (_, request) => {
        request.body = { withPeople: true };
      },
    },
    where: isSearch,
    said: /list of assets can't be trusted.*Nothing was changed/,
  },
  {
    name: "VersionError",
    fault: { kind: "json", body: { major: 1, minor: 142, patch: 1 } },
    said: /Immich 1\.142\.1 is too old.*Update Immich/,
  },
  {
    name: "AlbumError",
    prepare: ({ world, us }) => world.addAlbum({ owner: us, name: "Faceless" }),
    said: /There are 2 albums called "Faceless".*Set ALBUM_ID/,
  },
  {
    name: "RuleError",
    prepare: ({ key }) => key.permissions.push("person.read"),
    settings: { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Nobody" },
    said: /nobody has the name or id "Nobody".*under People/,
  },
];

for (const { name, fault, where, settings = {}, prepare, said } of SAMPLES) {
  Deno.test(`${name} is told in one line that says what to do`, async () => {
    const stage = MIRROR.build();
    prepare?.(stage);
    await using emulator = await startEmulator({ version: "3.1.0", world: stage.world });
    if (fault !== undefined) {
      emulator.faults.add({ fault, ...(where === undefined ? {} : { match: { where } }) });
    }
    const url = settings["IMMICH_URL"] === "https"
      ? emulator.url.replace("http", "https")
      : undefined;
    using home = createHome(emulator, stage.key.secret, {
      IMMICH_HEADERS: "X-Proxy-Token: 5ecret-0f-the-proxy",
      ...settings,
      ...(url === undefined ? {} : { IMMICH_URL: url }),
    });
    const { code, stderr } = await runProgram({ cwd: home.folder });
    assert.equal(code, 1);
    const errors = stderr.split("\n").filter((line) => line.includes(" ERROR "));
    assert.equal(errors.length, 1, stderr);
    assert.match(errors[0] ?? "", said);
    assert.doesNotMatch(stderr, /^\s+at |Error:|undefined|\[object/m);
    assert.doesNotMatch(stderr, new RegExp(`${stage.key.secret}|5ecret`));
    const warnings = stderr.split("\n").filter((line) => line.includes(" WARN "));
    const others = stderr.split("\n").filter((line) => line !== "").length - errors.length;
    assert.equal(others, warnings.length, `lines that are neither: ${stderr}`);
  });
}
