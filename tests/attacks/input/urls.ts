/** Addresses of the server of every wrong kind. */

import { createSelfSigned } from "../../emulator/mod.ts";
import type { Input } from "./attempt.ts";

/** Found in the configuration, before anything is sent; tests/unit/config has many more. */
const IMPOSSIBLE: readonly (readonly [url: string, says: RegExp])[] = [
  ["photos.example.com", /did you mean "https:\/\/photos\.example\.com"\?/],
  ["https://photos.example.com\nX-A: b", /not contain white space/],
  ["https://me:pa55word-in-url@photos.example.com", /IMMICH_HEADERS, as Authorization: Basic/],
];

/** Found when the server is asked; `change` makes the wrong address from the right one. */
const WRONG: readonly {
  readonly what: string;
  readonly change: (url: string) => string;
  readonly says: RegExp;
}[] = [
  {
    what: "a port on which nobody listens",
    change: () => "http://localhost:4",
    says: /ERROR {2}GET \/server\/version failed: localhost:4 refused the connection\..*IMMICH_URL/,
  },
  {
    what: "a name that does not exist",
    change: () => "https://nobody.invalid",
    says: /the name nobody\.invalid can't be resolved\. Check the host name in IMMICH_URL/,
  },
  {
    what: "https where the server speaks http",
    change: (url) => url.replace("http:", "https:"),
    says: /does not speak TLS on this port\. Use http:\/\/ in IMMICH_URL/,
  },
  {
    what: "a path that is no Immich",
    change: (url) => `${url}/wrong/path`,
    says: /IMMICH_URL.*the address of Immich itself/,
  },
  {
    what: "the address of a page of Immich",
    change: (url) => `${url}/albums/3fa85f64-5717-4562-b3fc-2c963f66afa6`,
    says: /IMMICH_URL.*the address of Immich itself/,
  },
];

export const urlInputs: readonly Input[] = [
  ...IMPOSSIBLE.map(([url, says]): Input => ({
    name: `IMMICH_URL=${JSON.stringify(url).slice(0, 70)} is refused`,
    env: { IMMICH_URL: url },
    code: 2,
    says: [/ERROR {2}IMMICH_URL must /, says],
  })),
  ...WRONG.map(({ what, change, says }): Input => ({
    name: `IMMICH_URL with ${what} is an error that says what to check`,
    prepare: ({ home, emulator }) =>
      home.configure({ IMMICH_URL: change(emulator.url), IMMICH_RETRIES: "0" }),
    code: 1,
    says,
  })),
  {
    name: "IMMICH_URL with http where the server speaks https is an error that says what to check",
    tls: await createSelfSigned({ keyType: "ec" }),
    prepare: ({ home, emulator }) =>
      home.configure({
        IMMICH_URL: emulator.url.replace("https:", "http:"),
        IMMICH_RETRIES: "0",
      }),
    code: 1,
    says: /speaks https, not http.*https:\/\/ in IMMICH_URL/,
  },
  {
    name: "a login page in front of the server is told from Immich",
    prepare: ({ emulator }) => emulator.faults.add({ fault: { kind: "loginPage" } }),
    code: 1,
    says: /answered with a web page instead of data.*IMMICH_URL.*IMMICH_HEADERS/,
  },
  {
    name: "a header that repeats the scheme or the host does not hide them in what is told",
    prepare: ({ home, emulator }) => {
      const IMMICH_HEADERS =
        `X-Forwarded-Proto: http; X-Forwarded-Host: localhost:${emulator.port}`;
      home.configure({ IMMICH_HEADERS });
    },
    code: 0,
    says: /INFO {3}immich-faceless-sync \S+: http:\/\/localhost:\d+$/,
  },
  {
    name: "a redirect is not followed, and its target is named",
    prepare: ({ emulator }) =>
      emulator.faults.add({ fault: { kind: "redirect", to: "https://login.example.com/" } }),
    code: 1,
    says: /redirected to https:\/\/login\.example\.com\/ \(302\).*set IMMICH_URL/,
  },
];
