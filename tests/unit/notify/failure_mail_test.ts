import assert from "node:assert/strict";
import { composeFailureMail } from "../../../src/notify/failure_mail.ts";
import type { FailureMailInput, Message } from "../../../src/notify/failure_mail.ts";
import { NO_COUNTS } from "../../../src/sync/summary.ts";
import type { Summary } from "../../../src/sync/summary.ts";

const SUMMARY: Summary = {
  status: "failed",
  exitCode: 1,
  dryRun: false,
  server: { url: "https://photos.home.test", version: "3.1.0" },
  strategy: "scan",
  album: { id: "album-id", name: "Faceless", created: false },
  assets: { ...NO_COUNTS, read: 1000, matching: 600 },
  unassignedFaces: null,
  added: 0,
  removed: 0,
  failed: [],
  guard: null,
  error: { name: "ConnectionError", message: "The server hung up.", hint: "Is it running?" },
  requests: 3,
  bytesReceived: 100,
  durationMs: 5,
};

const TROUBLE = { event: "trouble", since: Date.UTC(2026, 10, 22, 10) } as const;

function compose(
  summary: Partial<Summary>,
  changes: Partial<FailureMailInput> = {},
): Message {
  return composeFailureMail({
    summary: { ...SUMMARY, ...summary },
    news: { ...TROUBLE, runs: 1 },
    stack: undefined,
    program: { version: "1.2.3" },
    envFile: undefined,
    startedAt: new Date(2026, 10, 22, 9, 5, 3),
    logPath: "/var/log/faceless.log",
    logLines: ["2026-11-22 10:00:00 ERROR  The server hung up."],
    ...changes,
  });
}

function failedAssets(count: number): Summary["failed"] {
  return Array.from({ length: count }, (_, i) => (
    { id: `asset-${i}`, action: i % 2 === 0 ? "add" : "remove", error: "no_permission" } as const
  ));
}

Deno.test("a failed run: what happened, what it means, what to do", () => {
  const { subject, text } = compose({});
  assert.equal(subject, 'immich-faceless-sync: The album "Faceless" could not be updated');
  assert.match(
    text,
    /^The album "Faceless" on https:\/\/photos\.home\.test could not be updated\.\n/,
  );
  assert.match(text, /\nWhat happened\n {2}The server hung up\.\n/);
  assert.match(
    text,
    /\nWhat it means\n {2}Nothing was changed\.\n.*deleted or edited.*\n.*next run/,
  );
  assert.match(text, /\nWhat to do\n {2}Is it running\?\n.*immich-faceless-sync --dry-run\n/);
  assert.match(text, /The last lines of the log\n {2}2026-11-22 10:00:00 ERROR {2}The server/);
  for (
    const detail of [
      "Started      2026-11-22 09:05:03\n",
      "Immich 3.1.0",
      "1000, of which 600",
      "1.2.3",
      "faceless.log",
    ]
  ) {
    assert.ok(text.includes(detail), detail);
  }
});

Deno.test("a run that failed half-way tells what it had done", () => {
  const { text } = compose({ added: 1, removed: 12 });
  assert.match(text, /Added to the album: 1\. Removed from it: 12\./);
  assert.doesNotMatch(text, /Nothing was changed/);
});

Deno.test("a run that a guard refused: nothing changed, and the way past", () => {
  const guard = { name: "MAX_ADD", message: "900 assets would be added." };
  const { subject, text } = compose({ status: "refused", exitCode: 4, error: null, guard });
  assert.match(subject, /was not changed; please check$/);
  assert.match(text, /\nWhat happened\n {2}900 assets would be added\.\n/);
  assert.match(text, /Nothing was changed\./);
  assert.match(text, /sync --dry-run --report preview\.html\n.*sync --force\n/);
});

Deno.test("the commands are those for the env file of the run", () => {
  const guard = { name: "MAX_ADD", message: "900 assets would be added." };
  const refused = { status: "refused", exitCode: 4, error: null, guard } as const;
  const { text, brief } = compose(refused, { envFile: "/home/me/her photos.env" });
  const quote = Deno.build.os === "windows" ? '"' : "'";
  const option = ` --env-file ${quote}/home/me/her photos.env${quote}`;
  for (const told of [text, brief]) assert.equal(told.split(option).length - 1, 2, told);
  assert.match(
    compose({}, { envFile: "/etc/hers.env" }).text,
    /immich-faceless-sync --dry-run --env-file \/etc\/hers\.env\n/,
  );
});

Deno.test("a run of which every change failed has not updated the album", () => {
  const partial = { status: "partial", exitCode: 3, error: null, failed: failedAssets(1) } as const;
  const { subject, text } = compose(partial);
  assert.match(subject, /could not be updated: 1 asset failed$/);
  assert.match(text, /^The album .* could not be updated\.\n/);
  assert.match(text, /Nothing was changed\./);
  assert.doesNotMatch(text, /was updated/);
  const created = compose({ ...partial, album: { ...SUMMARY.album, created: true } });
  assert.match(created.text, /The album was created, and nothing was added to it\./);
});

Deno.test("a run that failed half-way has updated the album in part", () => {
  const { subject, text } = compose({ added: 1 });
  assert.match(subject, /was updated, but not completely$/);
  assert.match(text, /^The album .* was updated, but not completely\.\n/);
});

Deno.test("what happens again is no more to be waited for", () => {
  const partial = { status: "partial", exitCode: 3, error: null, failed: failedAssets(1) } as const;
  const first = compose(partial).text;
  assert.match(first, /Nothing, unless it happens again; then look in Immich/);
  const third = compose(partial, { news: { ...TROUBLE, runs: 3 } }).text;
  assert.match(third, /\nWhat to do\n {2}Look in Immich at the assets that failed\.\n/);
  const defect = compose({}, { news: { ...TROUBLE, runs: 3 }, stack: "TypeError: x" }).text;
  assert.match(defect, /\n {2}Report it to the developers/);
  for (const text of [third, defect]) assert.doesNotMatch(text, /happens again/);
});

Deno.test("assets that failed are listed with their page, and counted from the 21st on", () => {
  const failed = failedAssets(23);
  const partial = { status: "partial", exitCode: 3, error: null } as const;
  const { subject, text } = compose({ ...partial, failed, added: 5 });
  assert.match(subject, /was updated, but 23 assets failed$/);
  assert.match(
    text,
    /12 assets could not be added to the album\.\n {2}11 assets could not be removed/,
  );
  assert.match(text, /\n {2}add: no_permission {2}https:\/\/photos\.home\.test\/photos\/asset-0\n/);
  assert.equal(text.match(/no_permission/g)?.length, 20);
  assert.match(text, /\n {2}and 3 more\n/);
  assert.doesNotMatch(compose({ ...partial, failed: failedAssets(20) }).text, /more\n/);
});

Deno.test("a stack is there for an unexpected error, and asks for a report", () => {
  assert.doesNotMatch(compose({}).text, /developers/);
  const { text } = compose({}, { stack: "TypeError: x\n    at y" });
  assert.match(text, /report it to the developers/);
  assert.match(text, /For the developers\n {2}TypeError: x\n {6}at y\n$/);
});

Deno.test("what is not known is left out", () => {
  const { subject, text } = compose({
    server: { url: null, version: null },
    album: { id: null, name: null, created: false },
    assets: NO_COUNTS,
    error: null,
  }, { logPath: undefined, logLines: [] });
  assert.equal(subject, "immich-faceless-sync: The album could not be updated");
  assert.doesNotMatch(text, /null|undefined|What happened|last lines/);
  assert.match(text, /Log file {5}could not be written/);
});

Deno.test("a very long name of an album does not fill the subject", () => {
  const name = "x".repeat(500);
  const { subject } = compose({ album: { ...SUMMARY.album, name } });
  assert.ok(subject.length < 150);
});
