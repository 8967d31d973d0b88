import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { loadRenewed, realDisk, type RenewalDisk } from "../../certs/renewal/index.ts";
import { parseCertificate, parsePem } from "../../certs/shape/index.ts";
import {
  isStatementProven,
  proveCertificate,
  type ProvenRegister,
} from "../../certs/trust/index.ts";
import { Fault, sha256 } from "../../schemas/ground/index.ts";
import { type HubRenewalWorld, makeHubRenewalWorld } from "../../test/kit/hub-renewal.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
let made: HubRenewalWorld;

beforeEach(async () => {
  made = await makeHubRenewalWorld(start);
});

afterEach(() => made.world.stop());

const filesIn = (folder: string): readonly string[] => existsSync(folder) ? readdirSync(folder) : []; // prettier-ignore

function digestIn(pem: string): Uint8Array {
  return sha256(parsePem("CERTIFICATE", pem)[0]!);
}

function shownDigest(): Uint8Array {
  return digestIn(readFileSync(made.own.server().certificateFile, "utf8"));
}

/** Whether a reader with this register believes a receipt that the hub signs now. */
function isReceiptProven(register: ProvenRegister): boolean {
  const bytes = Buffer.of(1, 2, 3);
  const signature = made.own.signer.sign("atumpan-receipt", bytes);
  const statement = { typ: "atumpan-receipt", bytes, signature, signer: made.hub } as const;
  return isStatementProven(register, statement, made.world.clock.now());
}

/** Whether a gateway with this register, were it in date, would let the server's certificate pass. */
function isServerNamed(register: ProvenRegister): boolean {
  const digest = Buffer.from(shownDigest());
  const named = register.agency(made.hub)?.certificates ?? [];
  return named.some(({ kind, thumbprint }) => kind === "SERVER" && digest.equals(thumbprint));
}

/** What must be so at every moment: receipts are believed, the server is, and the hub's own connections are. */
function expectWhole(register: ProvenRegister): void {
  const { hub: agency, own, world } = made;
  const now = world.clock.now();
  expect(isReceiptProven(register)).toBe(true);
  const prove = (kind: "SERVER" | "LINK", thumbprint: Uint8Array): void =>
    proveCertificate(register, { agency, kind, thumbprint }, now) as never;
  expect(() => prove("SERVER", shownDigest())).not.toThrow();
  expect(() => prove("LINK", digestIn(own.link().certificatePem))).not.toThrow();
  const { certificateFile, keyFile } = own.server();
  expect(existsSync(keyFile)).toBe(true);
  expect(keyFile.replace(/\.key$/, "")).toBe(certificateFile.replace(/\.pem$/, ""));
}

async function step(days: number): Promise<void> {
  made.world.clock.move(days * day);
  await made.own.tend();
  expect(await made.tendOffice()).toEqual([]);
  await made.hold();
}

describe("two hundred days of a hub", () => {
  it("every certificate is renewed in time, and at each step everybody believes what it signs and shows", async () => {
    const registers: { readonly at: number; readonly register: ProvenRegister }[] = [];
    for (let at = 0; at < 200; at += 2) {
      await step(2);
      expectWhole(made.held);
      registers.push({ at, register: made.held });
      // who was away for two weeks still knows the server
      const away = registers.find((one) => one.at >= at - 14)!;
      expect(isServerNamed(away.register)).toBe(true);
      if (at % 20 === 0) made.restart();
    }
    expect(made.told.changes.toSorted()).toEqual(
      ["LINK", "LINK", "LINK", "SERVER", "SERVER", "SERVER", "SIGNING", "SIGNING", "SIGNING"],
    ); // prettier-ignore
    expect(made.told.links).toBe(3);
    expect(made.told.alarms.filter(({ days, kind }) => days < 28 && kind !== "REGISTER" && kind !== "LIST")).toEqual([]);
  }, 240_000); // prettier-ignore
});

describe("the hub signs with its next key", () => {
  it("not before the register that names it is in force here, and then at once", async () => {
    await step(59);
    made.world.clock.move(2 * day);
    await made.makeLists();
    await made.hold();
    expect(await made.tendOffice()).toEqual([]);
    const before = made.held;
    // published, and not in force
    await made.own.tend();
    expect(isReceiptProven(before)).toBe(true);
    expect(made.told.changes).toEqual([]);
    await made.hold();
    expect(isReceiptProven(made.held)).toBe(true);
    expect(() => isReceiptProven(before)).toThrow(
      expect.objectContaining({ code: "CERT_UNKNOWN" }),
    );
    // the server still shows what everybody knows
    expect(isServerNamed(before)).toBe(true);
    expect(made.told.changes).toEqual(["SIGNING", "LINK"]);
  });
});

describe("an office that is away", () => {
  it("until three days before the end is told of thrice, and a late answer still comes in time", async () => {
    await step(59);
    const seen: string[] = [];
    for (let at = 0; at < 29; at += 1) {
      made.world.clock.move(day);
      await made.makeLists();
      await made.hold();
      expectWhole(made.held);
      const [server] = made.own.ends().filter(({ kind }) => kind === "SERVER");
      if (seen.at(-1) !== server!.level) seen.push(server!.level);
    }
    expect(seen).toEqual(["notice", "warning", "urgent"]);
    const days = made.told.alarms.filter(({ kind }) => kind === "SERVER");
    expect(days.at(-1)).toMatchObject({ code: "CERT_ENDS_SOON", days: 2 });
    await step(0.1);
    await step(0.1);
    expectWhole(made.held);
    expect(made.told.changes.toSorted()).toEqual(["LINK", "SERVER", "SIGNING"]);
    expect(made.own.ends().find(({ kind }) => kind === "SERVER")?.level).toBe("ok");
  });
});

/** A disk of a process that ends after so many acts; what it was about to write is there in part. */
function dyingDisk(acts: number, carried: string): RenewalDisk {
  let left = acts;
  const spend = (file: string): void => {
    left -= 1;
    if (left >= 0) return;
    if (left === -1 && existsSync(join(file, ".."))) writeFileSync(`${file}.new`, "-----BEG");
    throw new Fault("STORE_WRITE_FAILED", "the process has ended");
  };
  return {
    saveKey: (folder, name, key) => {
      spend(join(folder, `${name}.key`));
      realDisk.saveKey(folder, name, key);
    },
    writeFile: (file, text) => {
      spend(file);
      realDisk.writeFile(file, text);
    },
    removeFile: (file) => {
      spend(join(carried, "removed"));
      realDisk.removeFile(file);
    },
  };
}

describe("an end at any step", () => {
  it.each([0, 1, 2])("of a hub that lives for %i acts leaves what was, or what is to be", async (acts) => {
    const { folders, world, hub } = made;
    world.clock.move(61 * day);
    expect(await made.tendOffice()).toEqual([]);
    const isDone = (): boolean =>
      world.register().agency(hub)!.certificates.length === 6 &&
      filesIn(folders.carried).every((file) => file.endsWith(".new"));
    let lives = 0;
    while (!isDone() && lives < 40) {
      lives += 1;
      made.restart(dyingDisk(acts === 0 ? lives % 2 : acts, folders.carried));
      await made.hold();
      made.restart();
      expectWhole(made.held);
      expect(await made.tendOffice()).toEqual([]);
    }
    expect(isDone()).toBe(true);
    expect(loadRenewed(folders.keys, hub)).toMatchObject({ pairs: [{}, {}, {}], pending: [] });
    world.clock.move(16 * day);
    await made.makeLists();
    await made.hold();
    expectWhole(made.held);
    expect(made.own.server().keyFile).toContain("server-");
  }); // prettier-ignore
});

describe("a pair that the server will not take", () => {
  it("is left for the one before, for an hour; the last of all is never left", async () => {
    await step(61);
    await step(0.1);
    const before = made.own.server();
    await step(16);
    const next = made.own.server();
    expect(next).not.toBe(before);
    expect(made.own.refuse(next)).toBe(true);
    expect(made.own.server()).toEqual(before);
    expect(made.own.refuse(made.own.server())).toBe(true);
    expect(made.own.refuse(made.own.server())).toBe(false);
    await step(0.1);
    expect(made.own.server()).toEqual(next);
  });
});

describe("the choice of what the server shows", () => {
  it("needs no state: a hub that begins anew, or only writes its files, shows the same", async () => {
    for (let at = 0; at < 90; at += 3) {
      await step(3);
      const shown = made.own.server();
      made.restart();
      expect(made.own.server()).toEqual(shown);
    }
    expect(parseCertificate(parsePem("CERTIFICATE", readFileSync(made.own.server().certificateFile, "utf8"))[0]!).notAfter).toBeGreaterThan(made.world.clock.now() + 30 * day);
  }); // prettier-ignore
});

describe("the choice of what the server shows, when all is not well", () => {
  it("a certificate that was revoked is left at once for the next one", async () => {
    await step(61);
    await step(0.1);
    const before = made.own.server();
    await step(1);
    expect(made.own.server()).toEqual(before);
    made.revokeShown();
    await made.makeLists();
    await made.hold();
    expect(made.own.server()).not.toEqual(before);
    expectWhole(made.held);
  });

  it("with a register that is out of date, what it names and what holds is shown", async () => {
    await step(61);
    await step(0.1);
    const before = made.own.server();
    made.world.clock.move(10 * day);
    await made.own.tend();
    expect(made.own.server()).toEqual(before);
    made.world.clock.move(17 * day);
    await made.own.tend();
    expect(made.own.server()).not.toEqual(before);
    made.world.clock.move(100 * day);
    await made.own.tend();
    expect(made.own.ends().find(({ kind }) => kind === "SERVER")?.level).toBe("expired");
  });
});
