import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type CeremonyWorld, chance, makeCeremonyWorld } from "../../../test/kit/ceremony-world.ts";
import { makeKeyPair } from "../../keys/index.ts";
import { parseCertificate } from "../../shape/index.ts";
import { proveLeaf } from "../../trust/index.ts";
import { loadOnlineAuthority } from "../authority-folder.ts";
import { issueCrl, issueLists } from "../crl.ts";
import { makeRequest } from "../csr.ts";
import { issueLeaf } from "../issue.ts";
import { issuersOf } from "../issuer.ts";
import { startJournal } from "../journal.ts";
import { revokeCertificate } from "../revoke.ts";
import { loadList } from "./files.ts";

const day = 86_400_000;
const refused = (code: string): unknown => expect.objectContaining({ code });

let world: CeremonyWorld;
beforeEach(() => {
  world = makeCeremonyWorld();
});
afterEach(() => world.remove());

function prove(leaf: Uint8Array, at = world.now): void {
  const authority = loadOnlineAuthority(world.online);
  const journal = startJournal(join(world.online, "journal.jsonl"));
  try {
    proveLeaf({
      leaf: parseCertificate(leaf),
      intermediates: issuersOf(authority).map(({ certificate }) => certificate),
      roots: [authority.root.certificate],
      crls: [loadList(join(world.online, "root.crl")), ...lists],
      kind: "LINK",
      agency: "ng/tcu",
      at,
    });
  } finally {
    journal.stop();
  }
}

let lists: Awaited<ReturnType<typeof issueLists>> = [];

/** Everything the world.online machine does, from its own folder. */
async function workOnline(): Promise<Uint8Array> {
  const authority = loadOnlineAuthority(world.online);
  const journal = startJournal(join(world.online, "journal.jsonl"));
  const made = await makeRequest("ng/tcu", makeKeyPair("P-256"));
  const order = {
    authority,
    journal,
    request: made,
    agency: "ng/tcu",
    kind: "LINK",
    now: world.now,
    chance,
  } as const;
  const leaf = await issueLeaf(order);
  lists = await issueLists({ authority, journal, now: world.now });
  await expect(issueCrl({ authority, journal, issuer: "ROOT", now: world.now })).rejects.toThrow(
    refused("KEY_UNUSABLE"),
  );
  journal.stop();
  return leaf.der;
}

describe("the whole ceremony", () => {
  it("from nothing to a leaf that is proved, the root's key never on the online machine", async () => {
    await world.makeAll();
    const leaf = await workOnline();
    prove(leaf);
    expect(readdirSync(world.online).toSorted()).toEqual([
      "issuing.crt",
      "issuing.key",
      "journal.jsonl",
      "root.crl",
      "root.crt",
      "transcripts",
    ]);
    expect(readdirSync(world.offline).toSorted()).toEqual([
      "issuing.crt",
      "journal.jsonl",
      "root.crt",
      "root.key",
      "transcripts",
    ]);
    for (const key of [join(world.offline, "root.key"), join(world.online, "issuing.key")])
      expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  it("nothing secret is on what is carried between the machines", async () => {
    await world.makeAll();
    const sticks = readdirSync(join(world.base)).filter((name) => name.startsWith("stick"));
    const files = sticks.flatMap((name) =>
      readdirSync(join(world.base, name)).map((file) => join(world.base, name, file)),
    );
    expect(files.length).toBe(6);
    for (const file of files) expect(readFileSync(file, "utf8")).not.toContain("PRIVATE");
  });

  it("online work goes on though the root's key is put where it must not be: it is never opened", async () => {
    await world.makeAll();
    writeFileSync(join(world.online, "root.key"), "not to be read", { mode: 0o644 });
    writeFileSync(
      join(world.online, "root.token"),
      "pkcs11:token=none;object=none?module-path=/none.so",
    );
    prove(await workOnline());
  });

  it("the root's list is renewed for the months to come, and runs out when it is not", async () => {
    await world.makeAll();
    world.now += 99 * day;
    const late = await workOnline();
    prove(late);
    world.now += 2 * day;
    lists = (await workOnline(), lists);
    expect(() => prove(late)).toThrow(refused("CERT_STATUS_UNKNOWN"));
    await world.install(await world.list());
    prove(await workOnline());
  });

  it("an older list of the root is not taken back, nor one that is over", async () => {
    await world.makeAll();
    const [old, young] = [await world.list(), await world.list()];
    await world.install(young);
    await expect(world.install(old)).rejects.toThrow(refused("CEREMONY_REFUSED"));
    world.now += 101 * day;
    await expect(world.install(young)).rejects.toThrow(refused("CEREMONY_REFUSED"));
  });

  it("an issuing CA is replaced: both hold beside each other, then the old one is revoked", async () => {
    await world.makeAll();
    const old = await workOnline();
    await world.install(await world.sign(await world.request()));
    expect(existsSync(join(world.online, "issuing-2.crt"))).toBe(true);
    const young = await workOnline();
    expect(parseCertificate(young).issuer).not.toBe(parseCertificate(old).issuer);
    prove(old);
    prove(young);
    const { serial } = parseCertificate(
      loadOnlineAuthority(world.online).earlier[0]!.certificate.der,
    );
    await world.install(await world.list({ serial, reason: "SUPERSEDED" }));
    expect(() => prove(old)).toThrow(refused("CERT_REVOKED"));
    prove(young);
  });

  it("a lost issuing key is answered by a new issuing CA, with all the online machine gone", async () => {
    await world.makeAll();
    const old = await workOnline();
    const { serial } = loadOnlineAuthority(world.online).issuing.certificate;
    rmSync(world.online, { recursive: true });
    const csr = await world.request();
    await world.install(await world.sign(csr));
    await world.install(await world.list({ serial, reason: "CA_COMPROMISE" }));
    expect(() => prove(old)).toThrow(refused("CERT_PATH_INVALID"));
    prove(await workOnline());
  });
});

describe("the offline journal", () => {
  it("holds the root, the CAs it signed, its lists and its revocations", async () => {
    await world.makeAll();
    const { serial } = loadOnlineAuthority(world.online).issuing.certificate;
    await world.list({ serial, reason: "SUPERSEDED" });
    const journal = startJournal(join(world.offline, "journal.jsonl"));
    expect(journal.events().map(({ event }) => event)).toEqual([
      "made",
      "listed",
      "ceremony",
      "made",
      "listed",
      "ceremony",
      "revoked",
      "listed",
      "ceremony",
    ]);
    journal.stop();
    const ours = startJournal(join(world.online, "journal.jsonl"));
    const known = ours.ledger.certificates().map(({ event }) => event);
    expect(known).toEqual(["made", "made"]);
    const authority = loadOnlineAuthority(world.online);
    // online nobody can revoke the root; the issuing CA's revocation is the root's to list
    expect(() =>
      revokeCertificate({
        authority,
        journal: ours,
        serial: authority.root.certificate.serial,
        reason: "CA_COMPROMISE",
        now: world.now,
      }),
    ).toThrow(refused("CERT_UNKNOWN"));
    ours.stop();
  });
});
