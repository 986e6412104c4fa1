import assert from "node:assert/strict";
import fc from "fast-check";
import { configOf, load, problemsOf, problemWith, required } from "./helpers.ts";

const urls: [text: string, baseUrl: string][] = [
  ["https://photos.example", "https://photos.example"],
  ["https://photos.example/", "https://photos.example"],
  ["https://photos.example/api", "https://photos.example"],
  ["https://photos.example/api/", "https://photos.example"],
  ["http://192.168.1.5:2283/api", "http://192.168.1.5:2283"],
  ["http://[::1]:2283", "http://[::1]:2283"],
  ["https://h/photos", "https://h/photos"],
  ["https://h/photos/api//", "https://h/photos"],
  ["https://h/my-api", "https://h/my-api"],
  ["HTTPS://Photos.Example:443", "https://photos.example"],
  [" https://h ", "https://h"],
];

for (const [text, baseUrl] of urls) {
  Deno.test(`IMMICH_URL=${text} means ${baseUrl}`, () => {
    assert.equal(configOf(load({ ...required, IMMICH_URL: text })).immich.baseUrl, baseUrl);
  });
}

const wrongUrls: [text: string, message: RegExp][] = [
  [
    "photos.example:2283",
    /http:\/\/ or https:\/\/: found .*; did you mean "https:\/\/photos\.example:2283"\?$/,
  ],
  ["localhost:2283/api", /did you mean "https:\/\/localhost:2283\/api"\?$/],
  ["http:/photos.example", /did you mean "https:\/\/photos\.example"\?$/],
  ["https://photos\n.example", /white space/],
  ["https:\\\\h", /start with/],
  ["https://h\\x", /an address like/],
  ["https://h/?a=b", /query/],
  ["https://h/#", /fragment/],
  ["photos.example.com", /did you mean "https:\/\/photos\.example\.com"\?/],
  ["192.168.1.5:2283", /did you mean "http:\/\/192\.168\.1\.5:2283"\?/],
  ["//photos.example.com", /did you mean "https:\/\/photos\.example\.com"\?/],
  ["https:/photos.example.com", /did you mean "https:\/\/photos\.example\.com"\?/],
  ["https//photos.example.com", /did you mean "https:\/\/photos\.example\.com"\?/],
  ["https:\\\\photos.example.com", /did you mean "https:\/\/photos\.example\.com"\?/],
  ['"https://photos.example.com"', /did you mean "https:\/\/photos\.example\.com"\?/],
  ["“http://photos.example.com”", /did you mean "http:\/\/photos\.example\.com"\?/],
  ["ftp://photos.example.com", /start with http:\/\/ or https:\/\/: found "ftp:.*"$/],
  ["htp://photos.example.com", /start with http:\/\/ or https:\/\/: found "htp:.*"$/],
  ["file:///etc/passwd", /start with http:\/\/ or https:\/\/: found "file:.*"$/],
  ["javascript:alert(1)", /start with http:\/\/ or https:\/\/: found "javascript:.*"$/],
  ["https://", /be an address like/],
  ["http:///photos", /be an address like/],
  ["https://photos.example.com:99999", /be an address like/],
  ["https://photos.example.com:0", /be an address like/],
  ["https://photos.example.com:", /be an address like/],
  ["https://photos.example.com:80:80", /be an address like/],
  ["https://photos.example.com\\immich", /be an address like/],
  ["https://[::1", /be an address like/],
  ["https://%zz", /be an address like/],
  ["https://..", /be an address like/],
  ["https://photos..example.com", /be an address like/],
  [`https://${"a".repeat(64)}.example.com`, /be an address like/],
  [`https://${"a.".repeat(1500)}example.com`, /be an address like/],
  ["http://256.256.256.256", /be an address like/],
  ["http://192.168.1:2283", /name an IP address by its four numbers: found "http:\/\/192\.168\.1:/],
  ["http://0x7f.1", /name an IP address by its four numbers/],
  ["http://2130706433", /name an IP address by its four numbers/],
  ["https://photos.example.com?a=b", /not contain a query/],
  ["https://photos.example.com/#/albums", /not contain a query \(\?\) or a fragment \(#\)/],
  ["https://photos .example.com", /not contain white space/],
  ["https://photos.example.com\nX-A: b", /not contain white space/],
  ["https://me:pa55word-in-url@photos.example.com", /IMMICH_HEADERS, as Authorization: Basic/],
];

for (const [text, message] of wrongUrls) {
  Deno.test(`IMMICH_URL=${JSON.stringify(text)} is refused`, () => {
    assert.match(problemWith("IMMICH_URL", text), message);
  });
}

for (
  const text of [
    "https://me:hunter2secret@h",
    "https://hunter2secret@h/x",
    "me:hunter2secret@h:2283",
  ]
) {
  Deno.test(`IMMICH_URL=${text} is refused without showing the login`, () => {
    const result = load({ ...required, IMMICH_URL: text });
    assert.ok(!problemsOf(result).join().includes("hunter2secret"));
    assert.ok(result.secrets.some((secret) => secret.includes("hunter2secret")));
  });
}

Deno.test("a login in IMMICH_URL is sent to IMMICH_HEADERS", () => {
  assert.match(problemWith("IMMICH_URL", "https://a:b@h"), /IMMICH_HEADERS, as Authorization/);
});

Deno.test("a token in the query of IMMICH_URL is not shown", () => {
  assert.ok(!problemWith("IMMICH_URL", "https://h/?key=topsecret").includes("topsecret"));
});

Deno.test("any http address is either refused or has a clean base", () => {
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
    const result = load({ ...required, IMMICH_URL: text });
    if (!result.ok) return;
    const { baseUrl } = result.config.immich;
    assert.ok(!/[?#]|\/$|\/api$/.test(baseUrl), baseUrl);
    assert.equal(new URL(baseUrl).origin, new URL(text).origin);
  }));
});

Deno.test("IMMICH_HEADERS takes several headers, and their values are secrets", () => {
  const text = "CF-Access-Client-Id: abc.access; Authorization: Basic dXNlcjpwYXNz ;";
  const result = load({ ...required, IMMICH_HEADERS: text });
  assert.deepEqual(configOf(result).immich.headers, [
    ["CF-Access-Client-Id", "abc.access"],
    ["Authorization", "Basic dXNlcjpwYXNz"],
  ]);
  for (const secret of ["abc.access", "Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"]) {
    assert.ok(result.secrets.includes(secret), secret);
  }
});

const wrongHeaders: [text: string, message: RegExp][] = [
  ["topsecret", /entry 1 has no colon/],
  ["X-A: topsecret; b=topsecret", /entry 2 has no colon; a value can't hold a semicolon/],
  ["X A: topsecret", /entry 1 has no valid header name/],
  [": topsecret", /entry 1 has no valid header name/],
  ["X-A:", /entry 1 needs a value/],
  ["X-A: topsecret\r\nX-B: y", /entry 1 needs a value of plain characters/],
  ["X-A: topsecret✓", /entry 1 needs a value of plain characters/],
  ["X-A: topsecret; x-a: b", /each header once.*entry 2 is a repetition/],
  [";", /Name: value; Name: value/],
  ...["X-Api-Key", "host", "Content-Type", "content-length", "transfer-encoding", "connection"].map(
    (
      name,
    ): [string, RegExp] => [`${name}: topsecret`, new RegExp(`not set ${name.toLowerCase()} `)],
  ),
  ["Accept-Encoding: topsecret", /not set accept-encoding /],
];

for (const [text, message] of wrongHeaders) {
  Deno.test(`IMMICH_HEADERS=${JSON.stringify(text)} is refused without showing the value`, () => {
    const problem = problemWith("IMMICH_HEADERS", text);
    assert.match(problem, message);
    assert.ok(!problem.includes("topsecret"));
  });
}
