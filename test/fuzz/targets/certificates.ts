import { createPublicKey, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  issueCrl,
  issuerId,
  makeRequest,
  startJournal,
  verifyRequest,
} from "../../../certs/authority/index.ts";
import { loadKey, loadSealingKey, loadSigningKey, makeKeyPair } from "../../../certs/keys/index.ts";
import {
  type Certificate,
  derToRaw,
  isSignedBy,
  parseCertificate,
  parseCrl,
  parseDer,
  parsePem,
  parsePublicKey,
  parseRequest,
  rawToDer,
  renderPem,
} from "../../../certs/shape/index.ts";
import { parseDerTime } from "../../../certs/shape/der-values.ts";
import {
  isSignatureValid,
  parseSignature,
  renderSignature,
  renderSignatureHeader,
} from "../../../certs/trust/index.ts";
import { type Bytes, makeSeededChance, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { makeMemoryJournal } from "../../kit/memory-journal.ts";
import { makePki } from "../../kit/pki.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { makeFolder } from "../at-exit.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

interface Documents {
  readonly certificates: readonly Certificate[];
  readonly crls: readonly Bytes[];
  readonly request: Bytes;
}

async function makeDocuments({ world, view }: FuzzGround): Promise<Documents> {
  const pki = await makePki({ leaf: { keyType: "Ed25519" } });
  const ng = world.authorities.get("ng");
  if (ng === undefined) throw new Error("there is no ng");
  const leaves = view.agency("ng/tcu")?.certificates ?? [];
  const journal = makeMemoryJournal();
  const issuer = issuerId(ng.issuing);
  ["01", "7f02", "0a".repeat(20)].forEach((serial, i) =>
    journal.append({ event: "revoked", at: fuzzNow, issuer, serial, reason: 1 + i }),
  );
  const desk = { authority: ng, journal, now: fuzzNow, chance: makeSeededChance("fuzz crl") };
  return {
    certificates: [
      pki.leaf.certificate,
      ng.root.certificate,
      ng.issuing.certificate,
      ...leaves.map(({ certificate }) => parseCertificate(certificate)),
    ],
    crls: [(await issueCrl({ ...desk, issuer: "ISSUING" })).der, (await issueCrl({ ...desk, issuer: "ROOT" })).der],
    request: await makeRequest("ng/tcu", makeKeyPair("P-256")),
  };
} // prettier-ignore

function unpadded(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=[0-9a-f])/, "");
}

/** OpenSSL is the second opinion on everything a decision rests on. */
function compareWithOpenssl(found: Certificate, der: Bytes): void {
  const other = certain("OpenSSL", () => new X509Certificate(der));
  hold(unpadded(other.serialNumber) === unpadded(found.serial), "OpenSSL reads another serial");
  // oxlint-disable-next-line no-restricted-globals -- OpenSSL tells times as texts
  const moment = (text: string): number => new Date(text).getTime();
  hold(moment(other.validFrom) === found.notBefore, "OpenSSL reads another beginning");
  hold(moment(other.validTo) === found.notAfter, "OpenSSL reads another end");
  // OpenSSL asks the key usage too, where there is one
  const maySign = found.keyUsage.size === 0 || found.keyUsage.has("keyCertSign");
  hold(
    other.ca === (found.isCa && maySign),
    "OpenSSL sees a CA where we see none, or the other way",
  );
  const spki = other.publicKey.export({ format: "der", type: "spki" });
  hold(sameBytes(spki, found.spki), "OpenSSL reads another key");
  for (const uri of found.uris) {
    if (/^[\w:/.-]+$/.test(uri)) {
      hold((other.subjectAltName ?? "").includes(`URI:${uri}`), "OpenSSL reads another name");
    }
  }
}

function certificateTargets({ certificates, crls, request }: Documents): readonly Target[] {
  const [, root, issuing] = certificates;
  const ders = certificates.map(({ der }) => der);
  return [
    {
      name: "certs/parseCertificate",
      shape: "der",
      codes: ["CERT_MALFORMED"],
      seeds: ders,
      run: (input) => {
        const found = parseCertificate(input);
        hold(sameBytes(found.der, input), "a certificate is not the bytes it was read from");
        compareWithOpenssl(found, input);
        const isKnown = ders.some((der) => sameBytes(parseCertificate(der).tbs, found.tbs));
        const isSigned = [root, issuing].some((ca) => ca !== undefined && isSignedBy(found, ca));
        hold(isKnown || !isSigned, "a changed certificate bears a good signature");
      },
    },
    {
      name: "certs/parseCrl",
      shape: "der",
      codes: ["CERT_MALFORMED"],
      seeds: crls,
      run: (input) => {
        const found = parseCrl(input);
        hold(sameBytes(found.der, input), "a list is not the bytes it was read from");
        const isKnown = crls.some((der) => sameBytes(parseCrl(der).tbs, found.tbs));
        const isSigned = [root, issuing].some((ca) => ca !== undefined && isSignedBy(found, ca));
        hold(isKnown || !isSigned, "a changed list bears a good signature");
      },
    },
    {
      name: "certs/parseRequest",
      shape: "der",
      codes: ["CSR_"],
      seeds: [request],
      run: (input) => {
        const found = parseRequest(input);
        hold(sameBytes(found.der, input), "a request is not the bytes it was read from");
        verifyRequest(input, { authority: "ng", agency: "ng/tcu", kind: "LINK" });
        hold(sameBytes(found.tbs, parseRequest(request).tbs), "a changed request proves possession");
      },
    },
    {
      name: "certs/parseDer",
      shape: "der",
      codes: ["CERT_MALFORMED"],
      seeds: [...ders, request],
      run: (input) => hold(sameBytes(parseDer(input).bytes, input), "DER is not read whole"),
    },
    {
      name: "certs/parsePublicKey",
      shape: "der",
      codes: ["CERT_MALFORMED"],
      seeds: certificates.map(({ spki }) => spki),
      run: (input) => {
        const { spki, publicKey } = parsePublicKey(input);
        const again = publicKey.export({ format: "der", type: "spki" });
        hold(sameBytes(spki, again), "a key has two encodings");
      },
    },
  ];
} // prettier-ignore

const times = [
  { tag: 0x17, text: "260601000000Z" },
  { tag: 0x17, text: "491231235959Z" },
  { tag: 0x18, text: "20500101000000Z" },
].map(({ tag, text }) => Buffer.concat([Buffer.of(tag, text.length), utf8(text)]));

const timeTarget: Target = {
  name: "certs/parseDerTime",
  shape: "der",
  codes: ["CERT_MALFORMED"],
  seeds: times,
  run: (input) => hold(Number.isSafeInteger(parseDerTime(parseDer(input))), "a time is no moment"),
};

/** A journal is read from the disk only, so each input is written to its file. */
function journalTarget(): Target {
  const file = join(makeFolder(), "journal");
  const made = startJournal(file);
  const issuer = "0a".repeat(20);
  const until = fuzzNow + 1;
  made.append({ event: "listed", at: fuzzNow, issuer, number: 1, digest: "00".repeat(32), until });
  made.append({ event: "revoked", at: fuzzNow, issuer, serial: "7f", reason: 1 });
  made.stop();
  return {
    name: "certs/startJournal",
    shape: "text",
    codes: ["INTEGRITY_STORE"],
    seeds: [readFileSync(file), Buffer.concat([readFileSync(file), utf8('{"torn')])],
    run: (input) => {
      writeFileSync(file, input);
      const journal = startJournal(file);
      journal.stop();
      const again = certain("opening it again", () => startJournal(file));
      again.stop();
      holdSame(again.events(), journal.events(), "a journal reads otherwise the second time");
    },
  };
}

function pemTarget({ certificates }: Documents): Target {
  const ders = certificates.map(({ der }) => der);
  return {
    name: "certs/parsePem",
    shape: "text",
    codes: ["CERT_MALFORMED"],
    seeds: [utf8(renderPem("CERTIFICATE", ...ders)), utf8(renderPem("CERTIFICATE", ...ders.slice(0, 1)))],
    run: (input) => {
      const found = parsePem("CERTIFICATE", textOf(input));
      const filled = found.filter(({ length }) => length > 0);
      if (filled.length !== found.length) return;
      holdSame(parsePem("CERTIFICATE", renderPem("CERTIFICATE", ...found)), found, "blocks do not come back");
    },
  };
} // prettier-ignore

const payload = utf8("a statement");

/** Only the text that the signer wrote is a signature over the statement. */
function signatureTarget({ world, view }: FuzzGround): Target {
  const text = world.agency("ng/tcu").signer.sign("atumpan-envelope", payload);
  const der = view.agency("ng/tcu")?.certificates.find(({ kind }) => kind === "SIGNING")?.certificate;
  const { publicKey } = parseCertificate(der ?? new Uint8Array());
  return {
    name: "certs/parseSignature",
    shape: "text",
    codes: ["SIGNATURE_", "BYTES_NOT_CANONICAL"],
    seeds: [utf8(text)],
    run: (input) => {
      const found = parseSignature(textOf(input));
      const again = renderSignature(renderSignatureHeader(found), found.value);
      hold(again === textOf(input), "one signature has two spellings");
      const isValid = isSignatureValid(found, payload, publicKey);
      hold(!isValid || again === text, "a changed signature is good");
    },
  };
} // prettier-ignore

function ecdsaTargets({ world }: FuzzGround): readonly Target[] {
  const { value } = parseSignature(world.agency("ng/tcu").signer.sign("atumpan-slip", payload));
  const small = Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.alloc(30), Buffer.of(0x80, 0)]);
  return [
    {
      name: "certs/rawToDer",
      shape: "bytes",
      codes: ["SIGNATURE_MALFORMED"],
      seeds: [value, small],
      run: (input) => hold(sameBytes(derToRaw(rawToDer(input)), input), "r and s do not come back"),
    },
    {
      name: "certs/derToRaw",
      shape: "der",
      codes: ["SIGNATURE_MALFORMED"],
      seeds: [rawToDer(value), rawToDer(small)].map((der) => Buffer.from(der)),
      run: (input) => {
        const raw = derToRaw(input);
        hold(sameBytes(derToRaw(rawToDer(raw)), raw), "r and s do not come back");
      },
    },
  ];
} // prettier-ignore

/** Key files are read from the disk only, so each input is written to one. */
function keyTarget(): Target {
  const file = join(makeFolder(), "key");
  const pem = (type: "P-256" | "P-384" | "Ed25519"): Bytes =>
    utf8(makeKeyPair(type).export({ format: "pem", type: "pkcs8" }).toString());
  return {
    name: "certs/loadKey",
    shape: "text",
    codes: ["KEY_UNUSABLE"],
    seeds: [pem("P-256"), pem("Ed25519")],
    run: (input) => {
      writeFileSync(file, input, { mode: 0o600 });
      createPublicKey(loadKey(file));
      const key = loadSigningKey(file);
      certain("signing", () => key.sign(payload));
      if (key.algorithm === "ES256") loadSealingKey(file);
    },
  };
}

/** Readers of certificates, lists, requests, keys and signatures. */
export async function makeCertificateTargets(ground: FuzzGround): Promise<readonly Target[]> {
  const documents = await makeDocuments(ground);
  return [
    ...certificateTargets(documents),
    timeTarget,
    journalTarget(),
    pemTarget(documents),
    signatureTarget(ground),
    ...ecdsaTargets(ground),
    keyTarget(),
  ];
}
