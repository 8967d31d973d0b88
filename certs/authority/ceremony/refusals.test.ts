import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  type CeremonyWorld,
  makeCeremonyWorld,
  transcriptsOf,
} from "../../../test/kit/ceremony-world.ts";
import { renderHex, sha256 } from "../../../schemas/ground/index.ts";
import { loadCertificate } from "../certificate-files.ts";
import { startJournal } from "../journal.ts";
import { holdSignCeremony } from "./sign.ts";
import { verifyTranscript } from "./transcript.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });

let world: CeremonyWorld;
beforeEach(() => {
  world = makeCeremonyWorld();
});
afterEach(() => world.remove());

describe("two officers", () => {
  it("are two different people with names", async () => {
    for (const names of [
      ["Ama Mensah", "ama mensah"],
      ["", "Kofi"],
      ["A", "Kofi"],
    ] as const) {
      await expect(world.makeRoot({ names })).rejects.toThrow(refused("CEREMONY_REFUSED"));
      expect(existsSync(join(world.offline, "root.key"))).toBe(false);
    }
  });

  it("both type the fingerprint: one alone makes no root, no request, no CA and no trust in a root", async () => {
    const second = {
      typed: (right: string, question: string) => (question.startsWith("Kofi") ? "0000" : right),
    };
    await expect(world.makeRoot(second)).rejects.toThrow(refused("CEREMONY_REFUSED"));
    expect(readdirSync(world.offline).toSorted()).toEqual(["journal.jsonl", "transcripts"]);
    await world.makeRoot();
    await expect(world.request(second)).rejects.toThrow(refused("CEREMONY_REFUSED"));
    expect(existsSync(join(world.online, "issuing.key"))).toBe(false);
    const csr = await world.request();
    await expect(world.sign(csr, second)).rejects.toThrow(refused("CEREMONY_REFUSED"));
    expect(existsSync(join(world.offline, "issuing.crt"))).toBe(false);
    const from = await world.sign(csr);
    await expect(world.install(from, second)).rejects.toThrow(refused("CEREMONY_REFUSED"));
    expect(existsSync(join(world.online, "root.crt"))).toBe(false);
    await world.install(from);
    const journal = startJournal(join(world.offline, "journal.jsonl"));
    const { certificates } = journal.ledger;
    expect(certificates().map((one) => one.event)).toEqual(["made", "made"]);
    journal.stop();
  });

  it("may mistype twice, and write it as they like", async () => {
    let tries = 0;
    await world.makeRoot({
      typed: (right) => {
        tries += 1;
        return tries % 3 === 0 ? right.toUpperCase().replaceAll(" ", "-") : "no";
      },
    });
    expect(tries).toBe(6);
  });

  it("are not shown the request's fingerprint where it is signed, so they must have brought it", async () => {
    await world.makeRoot();
    const csr = await world.request();
    const shown = world.paper.get("the request") ?? "none";
    const desk = world.officers();
    await holdSignCeremony(desk, { folder: world.offline, request: csr, out: world.stick() });
    expect(desk.said.join("\n")).not.toContain(shown);
    expect(desk.asked.filter((question) => question.includes("the request"))).toHaveLength(2);
  });

  it("an exchanged request is refused, though it proves its own key", async () => {
    await world.makeRoot();
    await world.request();
    const written = world.paper.get("the request");
    world.online = join(world.base, "attacker");
    const other = await world.request();
    world.paper.set("the request", written ?? "");
    await expect(world.sign(other)).rejects.toThrow(refused("CEREMONY_REFUSED"));
  });

  it("an exchanged root is refused where it is new, and where another is known", async () => {
    await world.makeRoot();
    const written = world.paper.get("the root certificate") ?? "";
    const csr = await world.request();
    const from = await world.sign(csr);
    world.offline = join(world.base, "attacker");
    await world.makeRoot();
    const forged = await world.sign(csr);
    world.paper.set("the root certificate", written);
    await expect(world.install(forged)).rejects.toThrow(refused("CEREMONY_REFUSED"));
    await world.install(from);
    await expect(world.install(forged)).rejects.toThrow(refused("CEREMONY_REFUSED"));
  });
});

describe("what a ceremony refuses", () => {
  it("a second root in one folder, and a second request while one waits", async () => {
    await world.makeRoot();
    await expect(world.makeRoot()).rejects.toThrow(refused("CEREMONY_REFUSED"));
    await world.request();
    await expect(world.request()).rejects.toThrow(refused("CEREMONY_REFUSED"));
  });

  it("one request signed twice", async () => {
    await world.makeRoot();
    const csr = await world.request();
    await world.sign(csr);
    await expect(world.sign(csr)).rejects.toThrow(refused("CSR_KEY_NOT_PERMITTED"));
  });

  it("a certificate for a key that is not here", async () => {
    await world.makeRoot();
    const from = await world.sign(await world.request());
    rmSync(join(world.online, "issuing.key"));
    await world.request();
    await expect(world.install(from)).rejects.toThrow(refused("CEREMONY_REFUSED"));
  });

  it("a list of another root", async () => {
    await world.makeAll();
    const own = world.offline;
    world.offline = join(world.base, "other");
    const foreign = await world.makeRoot();
    world.offline = own;
    rmSync(join(foreign, "root.crt"));
    await expect(world.install(foreign)).rejects.toThrow(refused("CEREMONY_REFUSED"));
  });

  it("to revoke what this root did not sign, and itself", async () => {
    await world.makeAll();
    const { serial } = loadCertificate(join(world.offline, "root.crt"));
    for (const one of [serial, "01ff"]) {
      await expect(world.list({ serial: one, reason: "CA_COMPROMISE" })).rejects.toThrow(
        refused("CERT_UNKNOWN"),
      );
    }
  });

  it("to work with the root where its key is not", async () => {
    await world.makeRoot();
    const csr = await world.request();
    rmSync(join(world.offline, "root.key"));
    await expect(world.sign(csr)).rejects.toThrow(refused("KEY_UNUSABLE"));
    copyFileSync(join(world.online, "issuing.key"), join(world.offline, "root.key"));
    await expect(world.sign(csr)).rejects.toThrow(refused("KEY_UNUSABLE"));
  });
});

describe("the transcript", () => {
  it("tells of every ceremony, also of one that was stopped, and its digest is in the journal", async () => {
    await expect(world.makeRoot({ typed: () => "no" })).rejects.toThrow(
      refused("CEREMONY_REFUSED"),
    );
    await world.makeRoot();
    const texts = transcriptsOf(world.offline);
    expect(texts).toHaveLength(2);
    expect(texts.find((text) => text.includes("Stopped:"))).toContain("CEREMONY_REFUSED");
    const journal = startJournal(join(world.offline, "journal.jsonl"));
    const told = journal.events().flatMap((one) => (one.event === "ceremony" ? [one.digest] : []));
    expect(told.toSorted()).toEqual(texts.map(verifyTranscript).toSorted());
    journal.stop();
  });

  it("shows who confirmed what, and no PIN", async () => {
    await world.makeAll();
    const text = transcriptsOf(world.online).join("");
    expect(text).toContain("Ama Mensah has confirmed the request.");
    expect(text).toContain("Kofi Boateng has confirmed the root certificate.");
  });

  it("cannot be changed by a line", async () => {
    await world.makeRoot();
    const [text = ""] = transcriptsOf(world.offline);
    expect(verifyTranscript(text)).toBe(renderHex(sha256(Buffer.from(text))));
    const lines = text.split("\n").slice(0, -1);
    const versions = [
      lines.map((line) => line.replace("Kofi Boateng", "Yaw Darko")),
      lines.slice(1),
      lines.toReversed(),
      [...lines.slice(0, 3), ...lines.slice(4)],
      [...lines.slice(0, 2), lines[1]!, ...lines.slice(2)],
      [],
    ];
    for (const version of versions) {
      const changed = version.map((line) => `${line}\n`).join("");
      expect(() => verifyTranscript(changed)).toThrow(refused("INTEGRITY_STORE"));
    }
    expect(() => verifyTranscript(text.slice(0, -1))).toThrow(refused("INTEGRITY_STORE"));
  });
});
