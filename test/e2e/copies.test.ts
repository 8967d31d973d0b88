import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeKeyPair, makeSigner, makeSigningKey } from "../../certs/keys/index.ts";
import { revokeCertificate } from "../../certs/authority/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import { issueLists } from "../../deploy/local/office.ts";
import {
  decodeMessage,
  decodeParts,
  encodeMessage,
  encodeParts,
  type Message,
} from "../../schemas/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { type Bytes, sha256, utf8 } from "../../schemas/ground/index.ts";
import { loadAgencySigner } from "../kit/agency.ts";
import { until } from "../kit/server.ts";
import { makeWorldApis, type WorldApis } from "../kit/world-apis.ts";
import { startWorld, type World } from "../kit/world.ts";

const copyType = "application/vnd.atumpan.copy";
const sender = "ng/tcu";
const maker = "gh/tcu";
/** One who was never sent the alert. */
const third = "lr/moc";

/** Stands in nothing but one field each, so that its place in a copy says which field is in it. */
const canaries = {
  person: "Tunde Exemple-Canary",
  phone: "+2348099990001",
  plate: "CANARY-77",
  narrative: "Canaryfield, told by the officer of the watch",
  caseRef: "EX-CANARY-0001",
  contact: "+2348099990002",
} as const;

let world: World;
let apis: WorldApis;
let id = "";
let other = "";

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn", "lr"] });
  apis = makeWorldApis(world);
  id = await send("first");
  other = await send("second");
});

afterAll(async () => {
  await apis?.stop();
  await world?.stop();
});

function makeAlert(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  const { person, phone, plate, narrative, caseRef, contact } = canaries;
  return {
    type: "alert.incident",
    recs: ["ecowas"],
    crimes,
    // its owner leaves courts free to have it
    handling: "H0",
    status: "EXERCISE",
    inner: {
      ...(shiftInstants(inner, by) as object),
      tlp: "GREEN",
      consentRequiredFor: [],
      courtUse: "YES_VIA_MLA",
      caseRef,
      contact: { phone: contact },
    },
    body: {
      ...(shiftInstants(body, by) as object),
      caseRef,
      narrative: { text: narrative, lang: "en" },
      vehicles: [{ plate, plateCountry: "NG" }],
      persons: [
        {
          roles: ["SUSPECT"],
          names: [{ full: person, kind: "LEGAL" }],
          sex: "M",
          phones: [{ number: phone }],
        },
      ],
    },
  };
}

/** Sends the alert and waits until the one who is to make copies of it holds it. */
async function send(key: string): Promise<string> {
  const from = await world.gateway(sender);
  const submitted = await from.exchange.submit(makeAlert(), key);
  const { exchange } = await world.gateway(maker);
  await until("it is there", () => exchange.find(submitted.id)?.state === "VERIFIED");
  return submitted.id;
}

async function fetchCopy(kind: string, of = id, from = maker): Promise<Bytes> {
  const answer = await apis.call(from, `/v1/messages/${of}/copies/${kind}`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, copyType]);
  return new Uint8Array(await answer.arrayBuffer());
}

interface Checked {
  readonly code?: string;
  readonly id?: string;
  readonly originator?: string;
  readonly body?: Record<string, unknown>;
  readonly inner?: Record<string, unknown>;
  readonly withheld?: readonly string[];
}

async function check(bytes: Bytes, at = third): Promise<Checked> {
  const headers = { "content-type": copyType };
  const body = Uint8Array.from(bytes);
  const answer = await apis.call(at, "/v1/copies:verify", { method: "POST", body, headers });
  return (await answer.json()) as Checked;
}

function holds(bytes: Bytes, text: string): boolean {
  return Buffer.from(bytes).includes(Buffer.from(text));
}

function rewrap(copy: Bytes, change: (message: Message) => Message): Bytes {
  return encodeMessage(change(decodeMessage(copy)));
}

function signedBy(copy: Bytes, sign: (envelope: Bytes) => string): Bytes {
  return rewrap(copy, (message) => ({ ...message, signatures: [sign(message.envelope)] }));
}

describe("copies of one signed alert", () => {
  it("that was not sent to the third agency is not there, and its copies are proved all the same", async () => {
    expect((await apis.call(third, `/v1/messages/${id}`)).status).toBe(404);
    for (const kind of ["nominal", "regional", "court", "defence"]) {
      const checked = await check(await fetchCopy(kind));
      expect(checked).toMatchObject({ id, originator: sender, body: { kind: "drugs" } });
    }
  });

  it("bear the signer's own bytes, whoever makes them", async () => {
    const { envelope, signatures } = decodeMessage(await fetchCopy("nominal"));
    for (const kind of ["regional", "court", "defence"]) {
      const mine = decodeMessage(await fetchCopy(kind));
      const signers = decodeMessage(await fetchCopy(kind, id, sender));
      for (const one of [mine, signers]) {
        expect(Buffer.from(one.envelope).equals(Buffer.from(envelope))).toBe(true);
        expect(one.signatures).toEqual(signatures);
      }
    }
  });

  it("nominal: everything is in it", async () => {
    const bytes = await fetchCopy("nominal");
    for (const canary of Object.values(canaries)) expect(holds(bytes, canary)).toBe(true);
    const checked = await check(bytes);
    expect(checked.withheld).toEqual([]);
    expect(checked.inner).toMatchObject({ caseRef: canaries.caseRef });
    expect(checked.body).toMatchObject({ persons: [{ names: [{ full: canaries.person }] }] });
  });

  it("T13, T30, regional: no byte of a person, the narrative or the inner header is in it", async () => {
    const bytes = await fetchCopy("regional");
    for (const [what, canary] of Object.entries(canaries)) {
      expect([what, holds(bytes, canary)]).toEqual([what, false]);
    }
    const checked = await check(bytes);
    expect(checked.withheld).toEqual(
      expect.arrayContaining(["inner", "persons", "narrative", "vehicles", "caseRef"]),
    );
    expect(checked).not.toHaveProperty("inner");
    expect(JSON.stringify(checked)).not.toContain("Canary");
    expect(checked.body).toMatchObject({ kind: "drugs", place: { country: "GH" } });
  });

  it("for a court: persons and narrative are in it, the inner header with its sources is not", async () => {
    const bytes = await fetchCopy("court");
    expect([holds(bytes, canaries.narrative), holds(bytes, canaries.contact)]).toEqual([
      true,
      false,
    ]);
    const checked = await check(bytes);
    expect(checked.body).toMatchObject({ persons: [{ names: [{ full: canaries.person }] }] });
    expect(checked.withheld).toContain("inner");
  });

  it("for a defence: no inner header, for sources and restrictions stand there", async () => {
    const bytes = await fetchCopy("defence");
    expect(holds(bytes, canaries.contact)).toBe(false);
    expect((await check(bytes)).withheld).toContain("inner");
  });

  it("made by one who does not hold it are not made", async () => {
    const answer = await apis.call(third, `/v1/messages/${id}/copies/regional`);
    expect([answer.status, ((await answer.json()) as Checked).code]).toEqual([404, "NOT_FOUND"]);
  });
});

describe("a copy is refused by its code", () => {
  it("with one byte changed in what it shows", async () => {
    const bytes = Buffer.from(await fetchCopy("court"));
    const at = bytes.indexOf(canaries.person);
    bytes[at] = bytes[at]! ^ 1;
    expect((await check(bytes)).code).toBe("BODY_ROOT_MISMATCH");
  });

  it("with one byte changed anywhere, but for the number of a part that it withholds", async () => {
    const good = await fetchCopy("nominal");
    const step = Math.max(1, Math.floor(good.length / 150));
    const codes = new Set<string>();
    for (let at = 0; at < good.length; at += step) {
      const bad = Uint8Array.from(good);
      bad[at] = bad[at]! ^ 1;
      const { code } = await check(bad);
      expect([at, code]).not.toEqual([at, undefined]);
      codes.add(code ?? "");
    }
    expect(codes).toContain("BODY_ROOT_MISMATCH");
    expect(codes).not.toContain("INTERNAL");
  });

  it("with a part of another message by the same agency", async () => {
    const foreign = decodeParts(decodeMessage(await fetchCopy("court", other)).open!).parts;
    const bytes = rewrap(await fetchCopy("court"), (message) => ({
      ...message,
      open: encodeParts({
        parts: decodeParts(message.open!).parts.map(
          (part) => foreign.find(({ number }) => number === part.number && number === 1) ?? part,
        ),
      }),
    }));
    expect((await check(bytes)).code).toBe("BODY_ROOT_MISMATCH");
  });

  it("by a stranger's signature: another agency's, an impostor's, one over other bytes, none", async () => {
    const copy = await fetchCopy("regional");
    const stranger = loadAgencySigner(world, maker);
    const key = makeSigningKey(makeKeyPair("P-256"));
    const impostor = makeSigner({ signer: sender, key, thumbprint: sha256(utf8("none")) });
    const own = loadAgencySigner(world, sender);
    const codes = [];
    for (const sign of [
      (bytes: Bytes) => stranger.sign("atumpan-envelope", bytes),
      (bytes: Bytes) => impostor.sign("atumpan-envelope", bytes),
      () => own.sign("atumpan-envelope", utf8("other words")),
      (bytes: Bytes) => own.sign("atumpan-slip", bytes),
    ]) {
      codes.push((await check(signedBy(copy, sign))).code);
    }
    codes.push((await check(rewrap(copy, (message) => ({ ...message, signatures: [] })))).code);
    expect(codes).toEqual([
      "ORIGIN_MISMATCH",
      "CERT_UNKNOWN",
      "ENVELOPE_SIGNATURE_INVALID",
      "SIGNATURE_MALFORMED",
      "ENVELOPE_SIGNATURE_MISSING",
    ]);
  });
});

describe("later", () => {
  it("a copy is proved by the next revocation lists as well", async () => {
    const copy = await fetchCopy("court");
    world.shift(1000);
    const crls = await issueLists(world.office("ng"), world.clock.now());
    await world.publish({ states: { ng: (now) => ({ ...now, crls }) } });
    await tellEpoch();
    expect(await check(copy)).toMatchObject({ id, originator: sender });
  });

  it("a copy of one whose certificate was revoked is refused, but by who proved the message in its time", async () => {
    const copy = await fetchCopy("court");
    const office = world.office("ng");
    for (const { certificate } of world.register().agency(sender)!.certificates) {
      const { serial } = parseCertificate(certificate);
      revokeCertificate({ ...office, serial, reason: "KEY_COMPROMISE", now: world.clock.now() });
    }
    const crls = await issueLists(office, world.clock.now());
    await world.publish({ states: { ng: (now) => ({ ...now, crls }) } });
    await tellEpoch();
    expect((await check(copy)).code).toBe("CERT_REVOKED");
    expect(await check(copy, maker)).toMatchObject({ id, originator: sender });
  });
});

/** Waits until the third agency's gateway has the register in force: traffic tells it. */
async function tellEpoch(): Promise<void> {
  const { epoch } = world.register();
  const gateway = await world.gateway(third);
  const file = exampleOf("bulletin.red_flag");
  await gateway.exchange.submit(
    { type: file.type, recs: ["ecowas"], crimes: ["drugs"], status: "TEST", inner: file.inner, body: file.body },
    `epoch ${epoch}`,
  ); // prettier-ignore
  await until("the register is told", () => gateway.register().epoch === epoch);
}
