import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { createRedactor } from "../../../src/system/redact.ts";

const KEY = "aB3$ö /k+y\"\\'9";

Deno.test("a secret is replaced wherever it stands", () => {
  const redact = createRedactor([KEY]);
  assert.equal(redact(`x-api-key: ${KEY}, again ${KEY}.`), "x-api-key: [secret], again [secret].");
  assert.equal(redact("nothing here"), "nothing here");
});

Deno.test("every usual spelling of a secret is replaced", () => {
  const redact = createRedactor([KEY]);
  const url = new URL("http://host/");
  url.password = KEY;
  const ascii = JSON.stringify(KEY).replace("ö", "\\u00F6").slice(1, -1);
  const spellings = {
    encodeURIComponent: encodeURIComponent(KEY),
    encodeURI: encodeURI(KEY),
    lowerCase: encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase()),
    form: new URLSearchParams({ k: KEY }).toString().slice(2),
    userinfo: url.password,
    json: JSON.stringify(KEY).slice(1, -1),
    asciiJson: ascii,
    phpJson: ascii.replace("/", "\\/"),
    base64: Buffer.from(KEY).toString("base64"),
    base64url: Buffer.from(KEY).toString("base64url"),
    base64InUrl: encodeURIComponent(Buffer.from(KEY).toString("base64")),
  };
  for (const [name, text] of Object.entries(spellings)) {
    assert.equal(redact(`<${text}>`), "<[secret]>", name);
  }
});

Deno.test("a secret is found in the base64 of anything it is part of", () => {
  fc.assert(fc.property(
    fc.string({ minLength: 8, maxLength: 40, unit: "grapheme" }),
    fc.string({ maxLength: 9, unit: "grapheme" }),
    fc.string({ maxLength: 9, unit: "grapheme" }),
    (secret, before, after) => {
      const text = Buffer.from(`${before}:${secret}:${after}`).toString("base64");
      const redacted = createRedactor([secret])(text);
      assert.match(redacted, /\[secret\]/);
      // What is left is what stood around it, and at most the bits that share a character with it.
      assert.ok(
        redacted.replace("[secret]", "").length <= Buffer.from(before + after).length * 2 + 12,
      );
    },
  ));
});

Deno.test("no secret of any characters is left, and redacting twice changes nothing", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ minLength: 4, maxLength: 30, unit: "grapheme" }), { maxLength: 4 }),
    fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }),
    (secrets, texts) => {
      const redact = createRedactor(secrets);
      for (const secret of secrets) {
        const redacted = redact(texts.join(secret));
        const rest = redacted.replaceAll("[secret]", "\0");
        assert.ok(!rest.includes(secret) || secret.includes("\0"));
        assert.equal(redact(redacted), redacted);
      }
    },
  ));
});

Deno.test("where one secret begins with another, the whole of it is replaced", () => {
  const redact = createRedactor(["token", "token-and-more", "and-more"]);
  assert.equal(redact("token-and-more token"), "[secret] [secret]");
});

Deno.test("a PEM key is replaced as a whole, line by line, and in JSON", () => {
  const lines = ["MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", "aGVsbG8gd29ybGQhIQ=="];
  const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
  const redact = createRedactor([pem]);
  assert.equal(redact(`key ${pem} end`), "key [secret] end");
  assert.equal(redact(pem.replaceAll("\n", "\r\n")), "[secret]");
  assert.equal(redact(JSON.stringify({ pem })), '{"pem":"[secret]"}');
  assert.equal(redact(`line ${lines[1]}.`), "line [secret].");
  assert.equal(
    redact("no -----BEGIN PRIVATE KEY----- found"),
    "no -----BEGIN PRIVATE KEY----- found",
  );
});

Deno.test("the credentials of a Basic or Bearer header are a secret without the word too", () => {
  assert.equal(createRedactor(["Bearer t0ken-x"])("Bearer t0ken-x, t0ken-x"), "[secret], [secret]");
});

Deno.test("secrets under 4 characters are left in texts", () => {
  assert.equal(createRedactor(["abc", ""])("abcdef"), "abcdef");
});

Deno.test("a secret that is part of the mark does not spoil it", () => {
  const redact = createRedactor(["secret"]);
  assert.equal(redact(redact("a secret")), "a [secret]");
});

Deno.test("a long text is redacted fast", () => {
  const redact = createRedactor(["0123456789abcdefghijklmnopqrstuv", KEY, "Bearer zzzzzzzzzzzzzz"]);
  const text = "2026-11-22 10:00:00 INFO   Added 17 assets to the album.\n".repeat(20_000);
  const start = performance.now();
  redact(text);
  const elapsed = performance.now() - start;
  assert.ok(elapsed < 2_000, `1.1 MB took ${elapsed} ms`);
});
