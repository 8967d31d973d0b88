import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { loadRenewed, realDisk, type RenewalDisk } from "../../certs/renewal/index.ts";
import {
  checkEnvelopeSigned,
  isStatementProven,
  parseSignature,
  type ProvenRegister,
} from "../../certs/trust/index.ts";
import { Fault, renderHex } from "../../schemas/ground/index.ts";
import { makeRenewalWorld, type Party, type RenewalWorld } from "../../test/kit/renewal-world.ts";

const day = 86_400_000;
const agency = "ng/tcu";
let world: RenewalWorld;
let ng: Party;

beforeEach(async () => {
  world = await makeRenewalWorld(Date.UTC(2026, 0, 5, 9));
  ng = world.party(agency);
});

afterEach(() => world.stop());

const keysFolder = (): string => join(world.layout.gateway(agency), "keys");
const carriedFolder = (): string => join(world.layout.gateway(agency), "renewal");
const filesIn = (folder: string): readonly string[] => existsSync(folder) ? readdirSync(folder) : []; // prettier-ignore

/** A disk of a process that ends after so many acts; what it was about to write is there in part. */
function dyingDisk(acts: number): RenewalDisk {
  let left = acts;
  const spend = (file: string): void => {
    left -= 1;
    if (left >= 0) return;
    if (left === -1) writeFileSync(`${file}.new`, "-----BEG");
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
      spend(join(carriedFolder(), "removed"));
      realDisk.removeFile(file);
    },
  };
}

/** Holds what must be so at every moment: it signs so that all believe it, opens whatever is sealed to it, and links. */
function expectWhole(register: ProvenRegister): void {
  const { signer, sealing, links } = ng.renewal;
  const bytes = Buffer.of(1, 2, 3);
  const signature = signer.sign("atumpan-receipt", bytes);
  const statement = { typ: "atumpan-receipt", bytes, signature, signer: agency } as const;
  expect(isStatementProven(register, statement, world.clock.now())).toBe(true);
  const named = register.agency(agency)!.certificates;
  const fingerprints = (kind: string): string[] =>
    named.filter((one) => one.kind === kind).map(({ thumbprint }) => renderHex(thumbprint));
  const opens = sealing
    .call(ng.renewal)
    .map(({ certificate }) => renderHex(certificate.thumbprint));
  expect(opens).toEqual(expect.arrayContaining(fingerprints("SEALING")));
  const [shown] = links.call(ng.renewal);
  expect(fingerprints("LINK")).toContain(renderHex(shown!.certificate.thumbprint));
}

describe("an end at any step", () => {
  it.each([0, 1, 2])("of a process that lives for %i acts leaves what was, or what is to be", async (acts) => {
    world.clock.move(61 * day);
    let lives = 0;
    const isDone = (): boolean => {
      const { agency: one } = ng;
      const named = world.register().agency(one)!.certificates;
      return named.length === 6 && filesIn(carriedFolder()).every((file) => file.endsWith(".new"));
    };
    await world.tendOffices();
    while (!isDone() && lives < 40) {
      lives += 1;
      // a process that can do nothing at all is followed by one that can
      ng.restart(dyingDisk(acts === 0 ? lives % 2 : acts));
      ng.hold(world.register());
      await ng.renewal.tend();
      ng.restart();
      expectWhole(world.register());
      expect(await world.tendOffices()).toEqual([]);
      ng.hold(world.register());
      world.turnHub();
      expectWhole(world.register());
    }
    expect(isDone()).toBe(true);
    expect(lives).toBeGreaterThan(acts === 2 ? 4 : 8);
    // one key for each kind, though it ended again and again while making them
    expect(loadRenewed(keysFolder(), agency)).toMatchObject({ pairs: [{}, {}, {}], pending: [] });
    await ng.renewal.tend();
    expectWhole(world.register());
    expect(ng.renewal.ends().every(({ kind, daysLeft }) => kind === "LIST" || kind === "REGISTER" || daysLeft > 80)).toBe(true);
  }); // prettier-ignore
});

describe("renewal", () => {
  it("asks for nothing while more than a third of the life is left", async () => {
    world.clock.move(59 * day);
    await ng.renewal.tend();
    expect(filesIn(carriedFolder())).toEqual([]);
  });

  it("asks once for each kind with a third left, with keys that only the owner may read", async () => {
    world.clock.move(61 * day);
    await ng.renewal.tend();
    await ng.renewal.tend();
    const asked = filesIn(carriedFolder());
    expect(asked.map((file) => file.split("-", 1)[0])).toEqual(["link", "sealing", "signing"]);
    expect(loadRenewed(keysFolder(), agency).pending).toHaveLength(3);
  });

  it("signs a request anew each week, so that a renewed key stands under it", async () => {
    world.clock.move(61 * day);
    await ng.renewal.tend();
    const [file = ""] = filesIn(carriedFolder());
    const before = readFileSync(join(carriedFolder(), file), "utf8");
    world.clock.move(8 * day);
    await ng.renewal.tend();
    const after = readFileSync(join(carriedFolder(), file), "utf8");
    expect(after).not.toBe(before);
  });

  it("signs what was judged by the register before with the key that one names, when another is used by now", async () => {
    world.clock.move(61 * day);
    await world.tendOffices();
    ng.hold(world.register());
    await ng.renewal.tend();
    await world.tendOffices();
    const before = ng.office.register();
    const after = world.register();
    ng.hold(after);
    await ng.renewal.tend();
    world.turnHub();
    const at = world.clock.now();
    const bytes = Buffer.of(4, 5, 6);
    const keys = [before, after].map((register) => {
      const signatures = ng.renewal.signer.signAll("atumpan-envelope", bytes, { at, register });
      checkEnvelopeSigned(register, { bytes, signatures, signer: agency }, at);
      return renderHex(parseSignature(signatures[0]!).thumbprint);
    });
    expect(keys[0]).not.toBe(keys[1]);
  });

  it("takes nothing from the carried folder that is not for its key", async () => {
    world.clock.move(61 * day);
    await world.tendOffices();
    ng.hold(world.register());
    await ng.renewal.tend();
    const sealing = filesIn(carriedFolder()).find((file) => file.startsWith("sealing"))!;
    const foreign = join(world.layout.gateway("gh/tcu"), "keys", "sealing.pem");
    const place = join(carriedFolder(), sealing.replace(".request", ".certificate"));
    copyFileSync(foreign, place);
    await ng.renewal.tend();
    expect(loadRenewed(keysFolder(), agency).pending).toHaveLength(3);
    writeFileSync(place, "no certificate");
    await ng.renewal.tend();
    expect(loadRenewed(keysFolder(), agency).pending).toHaveLength(3);
  });
});

describe("the folder of renewed keys", () => {
  beforeEach(async () => {
    world.clock.move(61 * day);
    await ng.renewal.tend();
    await world.tendOffices();
    ng.hold(world.register());
    await ng.renewal.tend();
  });

  const find = (pattern: RegExp): string => join(keysFolder(), filesIn(keysFolder()).find((file) => pattern.test(file))!); // prettier-ignore
  const load = (): unknown => loadRenewed(keysFolder(), agency);

  it("a pair that was written in part is passed over", () => {
    writeFileSync(`${find(/^link-.*\.pem$/)}.new`, "-----BEG");
    renameSync(find(/^signing-.*\.pem$/), join(keysFolder(), "elsewhere"));
    expect(load()).toMatchObject({ pending: [{ kind: "SIGNING" }] });
  });

  it.each([
    ["a key that others may read", () => chmodSync(find(/^link-.*\.key$/), 0o644), "KEY_UNUSABLE"],
    ["a key cut short", () => writeFileSync(find(/^link-.*\.key$/), "-----BEGIN PRIVATE KEY-----\n"), "KEY_UNUSABLE"],
    ["another key under a name", () => renameSync(find(/^link-.*\.key$/), find(/^signing-.*\.key$/)), "CONFIG_INVALID"],
    ["another certificate under a name", () => renameSync(find(/^link-.*\.pem$/), find(/^signing-.*\.pem$/)), "CONFIG_INVALID"],
    ["a certificate that is none", () => writeFileSync(find(/^link-.*\.pem$/), "-----BEGIN"), "CONFIG_INVALID"],
    ["a certificate without its key", () => renameSync(find(/^link-.*\.key$/), join(keysFolder(), "x")), "CONFIG_INVALID"],
  ])("%s is refused", (_name, spoil, code) => {
    spoil();
    expect(load).toThrow(expect.objectContaining({ code }));
  }); // prettier-ignore

  it("no key is ever overwritten", () => {
    const file = find(/^link-.*\.key$/);
    const name = file.split("/").at(-1)!.replace(".key", "");
    const { key } = loadRenewed(keysFolder(), agency).pending[0] ?? { key: undefined };
    expect(() => realDisk.saveKey(keysFolder(), name, key!)).toThrow(
      expect.objectContaining({ code: "KEY_UNUSABLE" }),
    );
  });
});
