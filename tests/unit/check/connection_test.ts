import assert from "node:assert/strict";
import { checkConnection } from "../../../src/check/connection.ts";
import { immichConfig } from "../../support/immich_config.ts";

Deno.test("http is no warning only where the way to the server is a network of one's own", async () => {
  const near = [
    ...["localhost", "nas", "nas.local", "photos.home.arpa", "photos.lan", "fritz.box.internal"],
    ...["127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.1", "192.168.1.5", "169.254.1.1"],
    ...["100.64.0.1", "100.127.0.1", "[::1]", "[fd00::5]", "[fe80::1]"],
  ];
  const far = [
    ...["photos.example.com", "local.example.com", "10.1.2.3.example.com", "home.example"],
    ...["8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.1.5", "11.0.0.1", "100.63.0.1"],
    ...["100.128.0.1", "[2001:db8::1]", "[2606::fd]"],
  ];
  for (const [hosts, status] of [[near, "ok"], [far, "warning"]] as const) {
    for (const host of hosts) {
      const finding = await checkConnection(immichConfig({ url: `http://${host}:2283` }, "key"));
      assert.equal(finding.status, status, host);
      assert.equal(/can read the API key/.test(finding.message), status === "warning", host);
    }
  }
});
