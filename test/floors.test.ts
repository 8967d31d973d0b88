import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/**
 * Every room, and the rooms it may import. The floors are security properties (design §11): verification
 * cannot reach the network, the broker cannot open a body, only the authority can issue.
 */
const ground = ["schemas/ground"] as const;
const schemas = ["schemas", "schemas/ground"] as const;
const trust = ["certs/trust", "certs/log", "certs/shape", ...schemas] as const;
const keys = ["certs/keys", ...trust] as const;

const rooms: Readonly<Record<string, readonly string[]>> = {
  "schemas/ground": [],
  "schemas/disk": ground,
  "schemas/codec": ground,
  "schemas/check": ["schemas/codec", "schemas/names", ...ground],
  "schemas/gen": ["schemas/check", "schemas/codec", ...ground],
  "schemas/codes": ground,
  "schemas/rules": ["schemas/gen", "schemas/codes", "schemas/check", "schemas/codec", ...ground],
  "schemas/body": ["schemas/rules", "schemas/gen", "schemas/codes", "schemas/check", "schemas/codec", ...ground],
  "schemas/examples": ["schemas/body", ...ground],
  "schemas/copies": ["schemas", "schemas/body", "schemas/gen", "schemas/codec", ...ground],
  "schemas/submission": ["schemas", "schemas/check", ...ground],
  "schemas/explain": ["schemas/submission", "schemas/body", "schemas/gen", "schemas/codes", "schemas/codec", ...ground],
  "schemas/growth": ["schemas/examples", "schemas/body", "schemas/rules", "schemas/gen", "schemas/codes", "schemas/codec", ...ground],
  "schemas/reference": ["schemas/render", "schemas/examples", "schemas/body", "schemas/rules", "schemas/gen", "schemas/codes", "schemas/codec", ...ground],
  "schemas/names": ground,
  "schemas/tables": ground,
  "schemas/work": ["schemas/body", "schemas/check", "schemas/gen", "schemas/tables", ...ground],
  "schemas/render": ["schemas/body", "schemas/gen", "schemas/codes", "schemas/codec", ...ground],
  "schemas/generate": ["schemas/check", "schemas/codec", ...ground],
  schemas: ["schemas/body", "schemas/check", "schemas/codec", "schemas/codes", "schemas/gen", ...ground],
  "schemas/wire": ground,
  "schemas/figures": ground,

  "certs/shape": schemas,
  "certs/log": ground,
  "certs/witness": ["certs/log", ...ground],
  "certs/trust": ["certs/log", "certs/shape", ...schemas],
  "certs/verify": trust,
  "certs/evidence": trust,
  // stands alone: it is shown to a browser as it is
  "certs/court": [],
  "certs/auditor": ["certs/log", ...schemas],
  "certs/oversight": ["certs/log", ...schemas],
  "certs/keys": trust,
  "certs/authority": ["schemas/disk", ...keys],
  "certs/renewal": ["schemas/disk", ...keys],

  "broker/nats": ["schemas/wire", ...trust],
  "broker/audit": ["broker/nats", ...schemas],
  "broker/callout": ["broker/audit", "broker/nats", ...trust],
  "broker/relay": trust,
  "broker/admission": ["broker/nats", "broker/relay", ...keys],
  "broker/log": ["schemas/disk", "broker/nats", ...keys],
  "broker/witnesses": ["schemas/disk", "certs/witness", ...trust],
  "broker/serve": ["broker/callout", ...trust],
  "broker/metrics": ["broker/nats", "broker/serve", "schemas/figures", ...trust],
  "broker/flood": ["broker/nats", ...schemas],
  "broker/stop": ["schemas/disk", ...keys],
  "broker/turn": ["broker/nats", ...schemas],
  "broker/erasure": ["broker/admission", "broker/nats", "broker/relay", ...trust],
  "broker/blobs": ["broker/admission", "broker/nats", ...trust],
  "broker/renewal": ["broker/nats", "certs/renewal", ...keys],
  broker: ["broker/admission", "broker/audit", "broker/blobs", "broker/callout", "broker/erasure", "broker/flood", "broker/log", "broker/metrics", "broker/nats", "broker/renewal", "broker/serve", "broker/stop", "broker/turn", "broker/witnesses", "schemas/disk", "schemas/wire", "certs/renewal", ...keys],

  "gateways/crypto": keys,
  "gateways/search": ["schemas/names", ...schemas],
  "gateways/store": ["schemas/disk", "gateways/search", ...schemas],
  "gateways/lookups": ["schemas/names", "gateways/store", ...schemas],
  "gateways/directory": ["gateways/store", ...trust, "schemas/work"],
  "gateways/work": ["schemas/work", "gateways/store", ...schemas],
  "gateways/operations": ["schemas/tables", "schemas/work", "gateways/store", "gateways/work", ...schemas],
  "gateways/statistics": ["schemas/body", "schemas/gen", "schemas/tables", "schemas/work", "gateways/store", "gateways/work", ...schemas],
  "gateways/onward": ["gateways/release", "gateways/store", "gateways/work", "schemas/work", ...trust],
  "gateways/vault": ["schemas/disk", "gateways/store", ...keys],
  "gateways/backup": ["gateways/crypto", "gateways/store", ...keys],
  "gateways/release": ["gateways/crypto", "schemas/explain", "schemas/submission", ...keys],
  "gateways/link": ["schemas/disk", "schemas/wire", ...trust],
  "gateways/proofs": ["certs/witness", "gateways/store", ...trust],
  "gateways/monitor": ["gateways/proofs", "gateways/store", ...trust],
  "gateways/oversight": ["certs/oversight", "schemas/tables", "gateways/exports", "gateways/monitor", "gateways/proofs", "gateways/store", ...trust],
  "gateways/exchange": ["schemas/submission", "gateways/proofs", "gateways/onward", "gateways/lookups", "gateways/operations", "gateways/work", "schemas/check", "schemas/copies", "gateways/crypto", "gateways/link", "gateways/release", "gateways/search", "gateways/store", "gateways/translation", ...keys],
  "gateways/relay": ["gateways/exchange", "gateways/link", "gateways/store", ...trust],
  "gateways/queries": ["schemas/examples", "schemas/gen", "gateways/exchange", "gateways/lookups", "gateways/store", ...schemas],
  "gateways/inspection": ["gateways/audit", "gateways/people", "gateways/store", ...keys],
  "gateways/recall": ["gateways/attachments", "gateways/exchange", "gateways/operations", "gateways/work", "gateways/store", "schemas/work", ...keys],
  "gateways/attachments": ["gateways/exchange", "gateways/link", "gateways/store", ...schemas],
  "gateways/carry": ["gateways/crypto", "gateways/exchange", "gateways/store", ...keys],
  "gateways/drafts": ["gateways/exchange", "gateways/onward", "gateways/people", "gateways/store", "schemas/work", "schemas/examples", "schemas/explain", ...schemas],
  "gateways/insight": ["certs/oversight", "gateways/store", ...trust],
  "gateways/colleagues": ["gateways/people", "gateways/store", ...schemas],
  "gateways/approval": ["gateways/exchange", "gateways/people", "gateways/store", ...schemas],
  "gateways/exports": ["gateways/exchange", "gateways/onward", "gateways/people", "gateways/store", ...schemas],
  "gateways/evidence": ["certs/evidence", "gateways/store", ...trust],
  "gateways/canary": keys,
  "gateways/traces": ["gateways/exchange", ...schemas],
  "gateways/metrics": ["gateways/canary", "gateways/exchange", "schemas/figures", ...schemas],
  "gateways/renewal": ["certs/renewal", ...keys],
  "gateways/people": ["gateways/store", ...schemas],
  "gateways/audit": ["gateways/store", ...keys],
  "gateways/hooks": ["gateways/exchange", "gateways/people", "gateways/store", "schemas/check", ...schemas],
  "gateways/doctor": ["gateways/store", "gateways/vault", "certs/renewal", ...keys],
  "gateways/api": ["gateways/doctor", "gateways/colleagues", "gateways/insight", "gateways/traces", "gateways/inspection", "certs/oversight", "gateways/oversight", "gateways/evidence", "gateways/proofs", "gateways/onward", "gateways/recall", "gateways/approval", "gateways/attachments", "gateways/drafts", "gateways/exports", "gateways/metrics", "gateways/operations", "gateways/statistics", "gateways/directory", "gateways/lookups", "gateways/hooks", "gateways/vault", "gateways/audit", "gateways/carry", "gateways/console", "gateways/exchange", "gateways/people", "gateways/work", "schemas/copies", "schemas/examples", "schemas/explain", "schemas/render", ...trust],
  // its pages run in a browser and stand on the public API alone
  "gateways/console": [],
  // stands alone: whoever integrates takes the folder
  "gateways/client": [],
  "gateways/formats": ["gateways/api", "gateways/exchange", "schemas/check", ...schemas],
  "gateways/drop": ["gateways/formats", "gateways/people", ...schemas],
  "gateways/translation": ["schemas/body", "schemas/check", "schemas/codec", "schemas/gen", ...ground],
  "gateways/cli": ["gateways/doctor", "gateways/backup", "gateways/store", "gateways/vault", "gateways/audit", "gateways/api", "gateways/exchange", "gateways/formats", "schemas/examples", "schemas/explain", "schemas/render", ...schemas],
  gateways: ["gateways/doctor", "gateways/colleagues", "gateways/insight", "gateways/inspection", "gateways/oversight", "gateways/evidence", "gateways/monitor", "gateways/proofs", "gateways/relay", "gateways/release", "gateways/queries", "gateways/operations", "gateways/statistics", "gateways/onward", "gateways/recall", "gateways/approval", "gateways/attachments", "gateways/drop", "gateways/drafts", "gateways/exports", "gateways/canary", "gateways/traces", "gateways/metrics", "gateways/directory", "gateways/lookups", "gateways/hooks", "gateways/backup", "gateways/vault", "gateways/audit", "gateways/carry", "gateways/console", "gateways/api", "gateways/people", "gateways/crypto", "gateways/exchange", "gateways/link", "gateways/renewal", "gateways/store", "gateways/translation", "gateways/work", "schemas/work", "certs/renewal", ...keys],

  "deploy/images": ground,
  "deploy/images/aid": ground,
  "deploy/seeing": ["broker/metrics", "gateways/metrics", "schemas/ground"],
  "deploy/bundle": ["deploy/images", ...keys],
  "deploy/compose": ground,
  "deploy/systemd": ground,
  "deploy/helm": ground,
  "deploy/local": ["schemas/disk", "certs/authority", "deploy/witness", ...keys],
  "deploy/simulate": ["gateways/cli", "broker", "broker/nats", "schemas/explain", ...keys],
  "deploy/witness": ["gateways/cli", "gateways/link", "certs/witness", ...keys],
  "deploy/join": ["schemas/disk", "gateways/cli", "gateways/doctor", ...keys],
  "deploy/plan": ["broker/nats", ...ground],
  "deploy/office": ["schemas/disk", "deploy/join", "gateways/cli", "certs/authority", "certs/keys", "certs/renewal", ...keys],
  "deploy/auditor": ["schemas/disk", "gateways/cli", "certs/auditor", "certs/oversight", ...keys],
  "deploy/keeping": ["schemas/disk", "broker", "gateways/backup", "gateways/cli", "gateways/crypto", ...keys],
  "deploy/court": ["certs/court", "certs/evidence", ...schemas],
  deploy: ["certs/evidence", "deploy/court", "deploy/keeping", "gateways", "deploy/witness", "deploy/auditor", "deploy/join", "deploy/office", "deploy/simulate", "broker", "broker/metrics", "gateways/api", "gateways/cli", "certs/authority", "certs/verify", ...keys],
}; // prettier-ignore

/** Packages with one door: the only places that may import them. */
const doors: Readonly<Record<string, readonly string[]>> = {
  // readers of the register that are not ours: tests ask them, nothing else does
  "@tufjs/models": [],
  "tuf-js": [],
  "@peculiar/x509": ["certs/authority/sign.ts"],
  "reflect-metadata": ["certs/authority/sign.ts"],
  pkcs11js: ["certs/keys/token/driver.ts"],
  jose: ["gateways/crypto/"],
  "@simplewebauthn/server": ["gateways/people/"],
  "@simplewebauthn/server/helpers": ["gateways/people/"],
  "openid-client": ["gateways/people/"],
  // one engine for plain and encrypted stores
  "node:sqlite": [],
  "better-sqlite3-multiple-ciphers": ["gateways/store/drivers/"],
  nats: [
    "broker/nats/connect.ts",
    "gateways/link/connect.ts",
    "gateways/link/dial.ts",
    "schemas/wire/faults.ts",
  ],
  "@nats-io/nkeys": ["broker/nats/"],
  tweetnacl: ["broker/callout/xkey.ts"],
  "@nats-io/jetstream": [],
  pino: ["schemas/ground/log.ts"],
  protobufjs: ["schemas/generate/"],
  "protobufjs/minimal.js": ["schemas/codec/"],
  // checks in tests what we sign
  standardwebhooks: [],
  hono: ["gateways/api/"],
  "@hono/node-server": ["gateways/api/"],
  "prom-client": ["schemas/figures/", "broker/metrics/", "gateways/metrics/"],
  "openapi-fetch": ["gateways/client/", "gateways/console/page/"],
  // of the pages alone: what ships is what the build made of them
  preact: ["gateways/console/page/"],
  "preact/hooks": ["gateways/console/page/"],
  "@preact/signals": ["gateways/console/page/"],
  "@lingui/core": ["gateways/console/page/"],
  "@lingui/message-utils/compileMessage": ["gateways/console/build/"],
  idb: ["gateways/console/page/"],
  vite: ["gateways/console/build/"],
  "workbox-precaching": ["gateways/console/page/"],
  commander: ["gateways/cli/", "broker/main.ts", "deploy/"],
  "csv-parse": ["gateways/formats/"],
  "file-type": ["gateways/attachments/"],
  yauzl: ["gateways/attachments/"],
  saxes: ["gateways/formats/goaml/"],
};

const files = globSync("{schemas,certs,broker,gateways,deploy}/**/*.{ts,tsx}", {
  cwd: root,
}).filter((file) => !file.includes("node_modules"));

function roomOf(file: string): string {
  const [floor = "", second = ""] = dirname(file).split("/");
  return second === "" ? floor : `${floor}/${second}`;
}

function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(root, file), "utf8");
  return [...code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name = ""]) => name);
}

/** The one thing that the console's pages have of the house: what the public API's answers look like. */
const pageTypes = "gateways/client/api-types.ts";

const partOf = (path: string): string => path.split("/")[0] ?? "";
const isSamePart = (file: string, target: string): boolean => partOf(file) === partOf(target);
const isTest = (file: string): boolean => file.endsWith(".test.ts");

describe("floors", () => {
  it("every file stands in a room", () => {
    expect(files.filter((file) => rooms[roomOf(file)] === undefined)).toEqual([]);
  });

  it("a room imports only the rooms below it, and only through their door", () => {
    const offences = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .map((name) => normalize(join(dirname(file), name)))
        .filter((target) => roomOf(target) !== roomOf(file))
        .filter((target) => {
          // a test may look down from anywhere in its own part of the house
          if (isTest(file) && (target.startsWith("test/") || isSamePart(file, target)))
            return false;
          if (!target.endsWith(".ts")) return false;
          if (file.startsWith("gateways/console/page/") && target === pageTypes) return false;
          const allowed = rooms[roomOf(file)]?.includes(roomOf(target)) ?? false;
          return !allowed || target.split("/").at(-1) !== "index.ts";
        })
        .map((target) => `${file} → ${relative(root, join(root, target))}`),
    );
    expect(offences).toEqual([]);
  });

  it("a package with a door is imported only there", () => {
    const offences = files
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => doors[name] !== undefined)
          .filter((name) => !(doors[name] ?? []).some((door) => file.startsWith(door)))
          .map((name) => `${file} imports ${name}`),
      );
    expect(offences).toEqual([]);
  });
});
