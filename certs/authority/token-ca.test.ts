import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type CeremonyWorld,
  chance,
  makeCeremonyWorld,
  transcriptsOf,
} from "../../test/kit/ceremony-world.ts";
import {
  makeSoftTokens,
  softLibrary,
  type SoftTokens,
  tokenNeeds,
} from "../../test/kit/soft-token.ts";
import { loadHeldKey, makeKeyPair, makeTokenKey, parseTokenPlace } from "../keys/index.ts";
import { type LeafKind, parseCertificate, renderPem } from "../shape/index.ts";
import { proveLeaf } from "../trust/index.ts";
import { loadOnlineAuthority } from "./authority-folder.ts";
import { askPins } from "./ceremony/pins.ts";
import { loadList } from "./ceremony/files.ts";
import { issueLists } from "./crl.ts";
import { makeRequest } from "./csr.ts";
import { issueLeaf } from "./issue.ts";
import type { Authority } from "./issuer.ts";
import { type Journal, startJournal } from "./journal.ts";
import { revokeCertificate } from "./revoke.ts";

const pin = "4321";

describe.skipIf(softLibrary === undefined)(
  `an authority whose keys are in tokens ${tokenNeeds}`,
  () => {
    let tokens: SoftTokens;
    let world: CeremonyWorld;
    let authority: Authority;
    let journal: Journal;

    // OpenSSL knows its own time only
    beforeAll(async () => {
      tokens = makeSoftTokens();
      world = makeCeremonyWorld(Date.now() - 60_000);
      // no file holds the PINs of the CAs: the officers type them
      const bare = (place: string): string => place.replace(/&pin-source=.*$/, "");
      const rootKey = bare(tokens.make("ng root")("root").replace("ng root", "ng%20root"));
      const issuingKey = bare(tokens.make("ng-issuing")("issuing"));
      await world.makeRoot({}, rootKey);
      await world.install(await world.sign(await world.request({}, issuingKey)));
      const places = [readFileSync(join(world.online, "issuing.token"), "utf8").trim()];
      const pinOf = await askPins({ askPin: () => Promise.resolve(pin) }, places);
      authority = loadOnlineAuthority(world.online, pinOf);
      journal = startJournal(join(world.online, "journal.jsonl"));
    });
    afterAll(() => {
      journal.stop();
      world.remove();
      tokens.remove();
    });

    async function issue(kind: LeafKind): Promise<Uint8Array> {
      const request = await makeRequest("ng/tcu", makeKeyPair("P-256"));
      const order = { authority, journal, request, agency: "ng/tcu", kind, now: world.now, chance };
      return (await issueLeaf(order)).der;
    }

    async function lists(): Promise<readonly Uint8Array[]> {
      const made = await issueLists({ authority, journal, now: world.now });
      return [loadList(join(world.online, "root.crl")).der, ...made.map(({ der }) => der)];
    }

    async function judge(leaf: Uint8Array): Promise<string> {
      const save = (name: string, text: string): string => {
        writeFileSync(join(world.base, name), text);
        return join(world.base, name);
      };
      const listed = save("lists.crl", renderPem("X509 CRL", ...(await lists())));
      const file = save("leaf.crt", renderPem("CERTIFICATE", leaf));
      const trust = [
        "-CAfile",
        join(world.online, "root.crt"),
        "-untrusted",
        join(world.online, "issuing.crt"),
      ];
      const flags = ["-x509_strict", "-crl_check_all", "-purpose", "any", "-CRLfile", listed];
      const { stdout, stderr } = spawnSync("openssl", ["verify", ...flags, ...trust, file], {
        encoding: "utf8",
      });
      return `${stdout}${stderr}`.replaceAll(file, "leaf");
    }

    it("issues what openssl verify and our own proof accept, P-384 above P-256, every kind", async () => {
      for (const kind of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
        const leaf = await issue(kind);
        expect(await judge(leaf)).toBe("leaf: OK\n");
        const crls = (await lists()).map((der) => Buffer.from(der));
        expect(crls.length).toBe(2);
      }
      expect(authority.root.certificate.keyType).toBe("P-384");
    });

    it("revokes what it issued, and openssl verify refuses that", async () => {
      const leaf = await issue("SIGNING");
      const { serial } = parseCertificate(leaf);
      revokeCertificate({ authority, journal, serial, reason: "KEY_COMPROMISE", now: world.now });
      expect(await judge(leaf)).toContain("certificate revoked");
      expect(() =>
        proveLeaf({
          leaf: parseCertificate(leaf),
          intermediates: [authority.issuing.certificate],
          roots: [authority.root.certificate],
          crls: [],
          kind: "SIGNING",
          agency: "ng/tcu",
          at: world.now,
        }),
      ).toThrow(expect.objectContaining({ code: "CERT_STATUS_UNKNOWN" }));
    });

    it("an agency's key in a token asks for its own certificate", async () => {
      const place = tokens.make("tcu")("signing");
      const key = makeTokenKey(
        { place: parseTokenPlace(place) },
        { keyType: "P-256", use: "sign" },
      );
      const request = await makeRequest("ng/tcu", loadHeldKey(place));
      const kind = "SIGNING";
      const order = {
        authority,
        journal,
        request,
        agency: "ng/tcu",
        kind,
        now: world.now,
        chance,
      } as const;
      const leaf = await issueLeaf(order);
      expect(leaf.spki).toEqual(key.spki);
      expect(await judge(leaf.der)).toBe("leaf: OK\n");
    });

    it("no folder, stick, journal or transcript holds a key or a PIN", () => {
      const files = readdirSync(world.base, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => readFileSync(join(one.parentPath, one.name), "utf8"));
      expect(files.length).toBeGreaterThan(10);
      for (const text of files) {
        expect(text).not.toContain("PRIVATE KEY");
        expect(text).not.toContain(`pin-value`);
      }
      for (const text of [...transcriptsOf(world.offline), ...transcriptsOf(world.online)]) {
        expect(text).not.toMatch(/\b4321\b/);
      }
      expect(transcriptsOf(world.offline).join("")).toContain("the PIN of token ng root was typed");
    });
  },
);
