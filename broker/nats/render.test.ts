import { describe, expect, it } from "vitest";

import { fixtureHub, makeRegion, mandate } from "../../test/kit/hub-region.ts";
import { agencyAccount, agencyAccounts, permissionsOf } from "./accounts.ts";
import { makeHubKeys } from "./hub-keys.ts";
import { renderServerConfig, renderServerRoots, type ServerSettings } from "./render.ts";

const plan = {
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "gh/fiu", kind: "FIU" },
  ],
  mandates: [mandate("ng/tcu", ["READ", "ecowas"])],
};
const region = await makeRegion(plan);
const made = makeHubKeys();
const keys = {
  issuer: made.issuer.publicKey,
  callout: made.callout.publicKey,
  hub: made.hub.publicKey,
  system: made.system.publicKey,
  curve: made.curve.publicKey,
};
const settings: ServerSettings = {
  listen: { host: "127.0.0.1", port: 4222 },
  certificateFile: "/hub/server.pem",
  keyFile: "/hub/server.key",
  caFile: "/hub/roots.pem",
  storeDir: "/hub/store",
  logFile: '/hub/a "quoted" log',
  maxMemoryBytes: 1,
  maxFileBytes: 2,
};
const render = (change: Partial<ServerSettings> = {}): string =>
  renderServerConfig(region.view, { hub: fixtureHub, settings: { ...settings, ...change }, keys });

describe("renderServerConfig", () => {
  const text = render();

  it("the same register gives the same text, another set of roots another", () => {
    expect(render()).toBe(text);
    expect(renderServerRoots(region.view).match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(text).toMatch(/^# roots sha256:[0-9a-f]{64}$/m);
  });

  it.each([
    'listen: "127.0.0.1:4222"',
    '  min_version: "1.3"',
    "  handshake_first: true",
    "  verify: true",
    "  sync_interval: always",
    "  strict: true",
    "system_account: SYS",
    `    issuer: ${keys.issuer}`,
    `    xkey: ${keys.curve}`,
    'log_file: "/hub/a \\"quoted\\" log"',
  ])("it says %s", (line) => {
    expect(text.split("\n")).toContain(line);
  });

  it("nothing that is off may be switched on in it, and no seed stands in it", () => {
    expect(text).not.toMatch(/no_auth_user|mqtt|websocket|leafnodes|verify_and_map|\bhttp:|cipher/);
    for (const { seed } of Object.values(made)) expect(text).not.toContain(seed);
    expect(render({ monitorPort: 8222 })).toContain('http: "127.0.0.1:8222"');
  });

  it("each agency's account imports its own intake and consumers, and only they are exported to it", () => {
    expect(text).toContain('{ service: "in.ng.tcu.>", accounts: [AG_ng_tcu] }');
    expect(text).toContain('{ service: { account: HUB, subject: "in.ng.tcu.>" }, to: "out.>" }');
    const lines = text
      .split("\n")
      .filter((line) => line.includes("ng.tcu") || line.includes("ng_tcu"));
    expect(lines.filter((line) => line.includes("gh"))).toEqual([]);
    expect(text).not.toContain("AG_au_hub-one");
  });

  it("a surveyor may ask how the servers do, and nothing of who is connected or what is sent", () => {
    const surveyor = `U${"A".repeat(55)}`;
    const watched = render({ surveyor });
    const line = watched.split("\n").find((one) => one.includes(surveyor) && one.includes("SYS"));
    expect(line).toContain(`{ nkey: ${surveyor}, permissions: { publish: { allow: ["$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.STATSZ"] }, subscribe: { allow: ["_INBOX.>"] } } }`);
    expect(watched).toContain(`, ${keys.system}, ${surveyor} ]`);
    expect(text).not.toContain("STATSZ");
  }); // prettier-ignore

  it("one of several servers says where it and the others are, and lets in nobody but them", () => {
    const place = {
      name: "b",
      reached: "b.hub.example:4222",
      listen: { host: "10.0.0.2", port: 6222 },
      routes: ["10.0.0.1:6222", "10.0.0.3:6222"],
      certificateFile: "/hub/routes/b.pem",
      keyFile: "/hub/routes/b.key",
      caFile: "/hub/routes/all.pem",
      tags: ["west"],
    };
    const several = render({ cluster: place });
    const cluster = several.slice(several.indexOf("cluster {"), several.indexOf("accounts {"));
    expect(several).toMatch(/^server_name: "[^"]+-b"$/m);
    expect(several).toContain('server_tags: [ "west" ]');
    expect(cluster).toContain('routes: [ "tls://10.0.0.1:6222", "tls://10.0.0.3:6222" ]');
    expect(several).toMatch(/^client_advertise: "b.hub.example:4222"$/m);
    for (const line of ["verify: true", 'ca_file: "/hub/routes/all.pem"', 'min_version: "1.3"']) {
      expect(cluster).toContain(line);
    }
    // without it a gateway hears nothing when another server comes or goes
    expect(several).not.toContain("no_advertise");
    expect(text).not.toMatch(/cluster|server_tags|routes|advertise/);
  }); // prettier-ignore

  it("a name that would end a string is refused", () => {
    const act = (): string => render({ storeDir: "/hub\n}" });
    expect(act).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});

describe("permissionsOf", () => {
  it("an agency may publish to its intake and its own consumers, and hear its own replies", () => {
    const account = agencyAccount(region.view, fixtureHub, "ng/tcu");
    expect(permissionsOf(account)).toEqual({
      publish: [
        "out.msg.>",
        "out.direct.*",
        "out.receipt.*.*",
        "out.heads",
        "out.admitted",
        "out.places",
        "out.erase",
        "out.register.*",
        "out.log.checkpoint",
        "out.log.prove",
        "out.log.consistency",
        "out.log.entries",
        "out.log.cosign",
        "out.log.cosigned",
        "out.log.act",
        "out.blob.put",
        "out.blob.held",
        "out.blob.get",
        ...["FEED_ECOWAS", "DIRECT", "RECEIPTS"].flatMap((stream) => [
          `$JS.API.CONSUMER.MSG.NEXT.${stream}.ng_tcu`,
          `$JS.ACK.${stream}.ng_tcu.>`,
          `$JS.ACK._.*.${stream}.ng_tcu.>`,
        ]),
      ],
      subscribe: ["_INBOX_ng_tcu.>"],
    });
  });

  it("a feed that an agency has no mandate to read is not among its streams; a hub has no account", () => {
    const accounts = agencyAccounts(region.view, fixtureHub);
    expect(accounts.map(({ agency }) => agency)).toEqual(["gh/fiu", "ng/tcu"]);
    expect(accounts[0]?.streams).toEqual(["DIRECT", "RECEIPTS"]);
  });
});
