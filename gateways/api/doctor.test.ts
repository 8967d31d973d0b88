import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { renderPem } from "../../certs/shape/index.ts";
import { type Clock, systemClock } from "../../schemas/ground/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { makeDoctorDesk, makeSystemProbes } from "../doctor/index.ts";
import { openStore } from "../store/index.ts";

const now = 1_780_272_000_000;
let passed = 0;
const clock: Clock = { ...systemClock, now: () => now + passed, elapsed: () => passed };
const dir = mkdtempSync(join(tmpdir(), "doctor-api-"));
let world: AuditWorld;

function writeFolder({ world: made }: AuditWorld): void {
  const mine = made.agency("gh/tcu");
  const keep = (name: string, text: string | Uint8Array): void => writeFileSync(join(dir, name), text, { mode: 0o600 });
  keep("link.key", mine.link.keyPem);
  keep("link.pem", mine.link.certificatePem);
  for (const kind of ["signing", "sealing"]) {
    const found = mine.certificates.find((one) => one.kind === kind.toUpperCase());
    keep(`${kind}.key`, "SECRET-OF-A-KEY");
    keep(`${kind}.pem`, renderPem("CERTIFICATE", found!.certificate));
  }
  keep("root.json", made.anchors.root);
  keep("register.bin", made.register);
  const pair = (name: string): object => ({ key: `${name}.key`, certificate: `${name}.pem` });
  const keys = { link: pair("link"), signing: pair("signing"), sealing: [pair("sealing")] };
  keep("gateway.json", JSON.stringify({ agency: "gh/tcu", api: { host: "127.0.0.1", port: 1 }, keys, anchors: "root.json", hubs: [] }));
  openStore(join(dir, "store.db")).close();
} // prettier-ignore

beforeAll(async () => {
  const probes = makeSystemProbes(clock);
  const doctor = makeDoctorDesk({ dir, agency: "gh/tcu", probes, clock });
  world = await makeAuditWorld(now, { services: () => ({ doctor }) });
  writeFolder(world);
  for (const role of ["administrator", "officer", "auditor"] as const)
    world.callers.set(role, makeCaller(role, { roles: new Set([role]) }));
});
afterAll(() => {
  world.close();
  rmSync(dir, { recursive: true });
});

interface Item {
  readonly check: string;
  readonly state: string;
  readonly code: string;
  readonly says: string;
  readonly fix?: string;
}

async function examine(lang = "en"): Promise<{ readonly text: string; readonly items: readonly Item[] }> {
  const { status, text, json } = await world.ask("/v1/doctor", "administrator", { headers: { "accept-language": lang } });
  expect(status, text).toBe(200);
  return { text, items: json["items"] as Item[] };
} // prettier-ignore

describe("GET /v1/doctor", () => {
  it("looks at clock, files, disk, register, certificates and queue, and at what they say", async () => {
    const { items } = await examine();
    const checks = new Set(items.map(({ check }) => check));
    for (const check of ["machine", "clock", "files", "disk", "register", "certs", "queue"])
      expect([...checks], check).toContain(check);
    for (const { state, fix } of items) expect(fix === undefined).toBe(state === "ok");
  });

  it("tells nobody where the folder lies, nor what is in a file", async () => {
    const { text } = await examine();
    expect(text).not.toContain(dir);
    expect(text).not.toContain(basename(dir));
    expect(text).not.toContain("SECRET-OF-A-KEY");
    expect(text).not.toMatch(/BEGIN|PRIVATE/);
  });

  it("is kept for ten seconds, so that asking is no way to wear the disk", async () => {
    const before = await examine();
    chmodSync(join(dir, "signing.key"), 0o644);
    expect((await examine()).text).toBe(before.text);
    passed += 10_000;
    const { items } = await examine();
    const open = items.find(({ code }) => code === "FILE_OPEN_TO_OTHERS");
    expect(open).toMatchObject({ state: "bad", check: "files" });
    expect(open?.says).toContain("signing.key");
  });

  it("says it in the language of who asks", async () => {
    const { items } = await examine("ar");
    expect(items.find(({ code }) => code === "FILE_OPEN_TO_OTHERS")?.says).toMatch(/\p{Script=Arabic}/u);
  }); // prettier-ignore

  it.each(["officer", "auditor"])("is no business of an %s", async (role) => {
    expect((await world.ask("/v1/doctor", role)).json["code"]).toBe("ROLE_MISSING");
  });

  it("is not there where no doctor is", async () => {
    const bare = await makeAuditWorld(now);
    try {
      bare.callers.set("administrator", makeCaller("administrator", { roles: new Set(["administrator"]) }));
      expect((await bare.ask("/v1/doctor", "administrator")).json["code"]).toBe("NOT_FOUND");
    } finally {
      bare.close();
    }
  }); // prettier-ignore
});
