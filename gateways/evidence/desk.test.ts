import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  checkEvidence,
  dimensions,
  parseEvidence,
  trustRegister,
} from "../../certs/evidence/index.ts";
import { makeCosigner, makeQuorumPolicy, parseNote, type QuorumPolicy, renderNote } from "../../certs/log/index.ts"; // prettier-ignore
import type { RegisterView } from "../../certs/trust/index.ts";
import { decodeMessage, parseParts, parseEnvelope } from "../../schemas/index.ts";
import { exampleOf } from "../../test/kit/api-world.ts";
import { type Bytes, Fault, parseUuid, utf8 } from "../../schemas/ground/index.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";
import { evidenceLog, proveIn } from "../../test/kit/evidence.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import type { LogProof } from "../store/index.ts";
import { makeEvidenceDesk } from "./index.ts";
import { makeOnwardDesk } from "../onward/index.ts"; // prettier-ignore

const now = 1_780_272_000_000;
let world: AuditWorld;
const log = evidenceLog();
const cosigner = makeCosigner("w/ng", noteKey("ed25519"));
const asked = makeQuorumPolicy([{ name: "w/ng", keys: [cosigner.verifierKey] }], 1);
let policy: QuorumPolicy | undefined;
let proveWitnessed: (line: LogProof) => Promise<void> = () => Promise.resolve();

/** The register as it is, or asking for a witness. */
function witnessing(register: RegisterView): RegisterView {
  return policy === undefined ? register : { ...register, witnessPolicy: () => asked };
}

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => ({
      onward: makeOnwardDesk(reader),
      evidence: makeEvidenceDesk({
        ...reader,
        register: () => witnessing(reader.register()),
        proveWitnessed: (line) => proveWitnessed(line),
      }),
    }),
  });
  world.callers.set("ada", makeCaller("ada", { purpose: "INVESTIGATION" }));
});
afterAll(() => world.close());

async function receive(change: object = {}): Promise<string> {
  const { body, crimes } = exampleOf("alert.incident");
  return await world.receive({ type: "alert.incident", body, crimes, recs: ["ecowas"], handling: "H0", ...change });
} // prettier-ignore

function ask(id: string, query = "?to=gh/tcu"): Promise<AuditAnswer> {
  return world.ask(`/v1/messages/${id}/evidence${query}`, "ada");
}

/** What says no, and what was not asked. */
function notYes(file: Bytes): readonly string[] {
  const own = { ...trustRegister(world.world.view), logKeys: () => [log.verifierKey] };
  const trust = policy === undefined ? own : { ...own, policy: () => asked };
  const report = checkEvidence(file, { trust, now: now + 3_600_000 });
  return dimensions.flatMap((name) => {
    const found = report.dimensions[name];
    if (found.says === "YES") return [];
    return [`${name}:${found.says === "NO" ? found.code : found.reason}`];
  });
}

describe("GET /v1/messages/{id}/evidence", () => {
  it("a message that is not proved in the log yet has none, and nothing is written down as given", async () => {
    const id = await receive();
    expect(await ask(id)).toMatchObject({ status: 404, json: { code: "LOG_ENTRY_MISSING" } });
    expect((await world.ask(`/v1/messages/${id}/uses`, "ada")).json).toMatchObject({ items: [] });
  });

  it("a court's evidence withholds what a court's copy withholds, proves the rest, and is a use of the message", async () => {
    const id = await receive();
    await proveIn(world.reader.store, id, { log, now });
    const { status, text } = await ask(id);
    expect(status).toBe(200);
    const file = utf8(text);
    expect(notYes(file)).toEqual(["withheld:PARTS_WITHHELD", "witnesses:NO_WITNESSES_ASKED", "receipts:NO_RECEIPTS"]);
    const { envelope, open } = decodeMessage(parseEvidence(file).message!);
    const parts = parseParts(open!, parseEnvelope(envelope).bodyRoot);
    expect(parts.find(({ number }) => number === 0)?.value).toBeUndefined();
    expect((await world.ask(`/v1/messages/${id}/uses`, "ada")).json).toMatchObject({ items: [{ to: { agency: "gh/tcu" } }] });
    expect(file.length).toBeLessThan(12_000);
    expect((await ask(id)).text).toBe(text);
  }); // prettier-ignore

  it("for a court, of a message whose owner has to consent first, it is refused by the third-party rule", async () => {
    const id = await receive({ handling: "H1" });
    await proveIn(world.reader.store, id, { log, now });
    expect(await ask(id)).toMatchObject({ status: 403, json: { code: "ONWARD_CONSENT_MISSING" } });
  });

  it("whole, it withholds nothing; with none, it holds the digests alone and is no use", async () => {
    const id = await receive();
    await proveIn(world.reader.store, id, { log, now });
    expect(notYes(utf8((await ask(id, "?for=nominal")).text))).not.toContain(
      "withheld:PARTS_WITHHELD",
    );
    const bare = utf8((await ask(id, "?for=none")).text);
    expect(parseEvidence(bare).message).toBeUndefined();
    expect(notYes(bare).filter((one) => !/CONTENT_ABSENT|NO_/.test(one))).toEqual([]);
  });

  it("of a message that was erased the proof is left, with digests only", async () => {
    const id = await receive();
    const { store } = world.reader;
    await proveIn(store, id, { log, now });
    const { seq, raw } = store.messages.find(parseUuid(id))!;
    await store.write(() => store.messages.erase(seq, raw, "PURGED"));
    for (const query of ["?to=gh/tcu", "?for=nominal"]) {
      const file = utf8((await ask(id, query)).text);
      const { message, certificates } = parseEvidence(file);
      expect([message, certificates]).toEqual([undefined, []]);
      expect(notYes(file).filter((one) => !/CONTENT_ABSENT|NO_/.test(one))).toEqual([]);
    }
  });

  it.each([
    ["?for=press", 400, "REQUEST_INVALID"], ["?for=court&for=court", 400, "REQUEST_INVALID"],
    ["?to=nobody", 400, "REQUEST_INVALID"], ["?more=1", 400, "REQUEST_INVALID"],
  ])("a wish that cannot be read is refused: %s", async (query, status, code) => {
    const id = await receive();
    await proveIn(world.reader.store, id, { log, now });
    expect(await ask(id, query)).toMatchObject({ status, json: { code } });
  }); // prettier-ignore

  it("a message that is not here, or not for the caller, has none", async () => {
    world.callers.set("low", makeCaller("low", { handlingUpTo: "H0", purpose: "INVESTIGATION" }));
    const id = await receive({ handling: "H1" });
    await proveIn(world.reader.store, id, { log, now });
    for (const query of ["", "?for=none"]) {
      const answer = await world.ask(`/v1/messages/${id}/evidence${query}`, "low");
      expect(answer).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
    }
  });

  it("stands in the audit record with its purpose", async () => {
    const id = await receive();
    await proveIn(world.reader.store, id, { log, now });
    await ask(id, "?for=none");
    const { json } = await world.ask("/v1/audit?act=EVIDENCE_MADE&limit=1");
    expect(json).toMatchObject({ items: [{ act: "EVIDENCE_MADE", purpose: "INVESTIGATION" }] });
  });
});

describe("where the register asks for witnesses", () => {
  beforeEach(() => {
    policy = asked;
    proveWitnessed = () => Promise.resolve();
  });
  afterEach(() => void (policy = undefined));

  const unwitnessed = ({ headers }: AuditAnswer): string | null => headers.get("atumpan-unwitnessed");

  it("the proof is led to what they cosigned, and the file shows it; asked again, nobody is asked", async () => {
    const id = await receive();
    const { store } = world.reader;
    await proveIn(store, id, { log, now });
    let times = 0;
    proveWitnessed = async ({ seq, proved }) => {
      times += 1;
      const { text, signatures } = parseNote(store.logHeads.note(proved!)!);
      const note = renderNote({ text, signatures: [...signatures, cosigner.cosign(text, now)] });
      await store.write(() => {
        store.logHeads.keepCosigned({ ...proved!, note });
        store.logProofs.putUnder(seq, { ...proved!, cosignedAt: now });
      });
    };
    const answer = await ask(id);
    expect([answer.status, unwitnessed(answer)]).toEqual([200, null]);
    expect(notYes(utf8(answer.text)).filter((one) => /^witnesses|^time|^checkpoint/.test(one))).toEqual([]);
    expect((await ask(id)).text).toBe(answer.text);
    expect(times).toBe(1);
    const { json } = await world.ask(`/v1/messages/${id}`, "ada");
    expect(json["log"]).toMatchObject([{ state: "PROVED", cosignedAt: new Date(now).toISOString() }]);
  });

  it.each(["LOG_UNWITNESSED", "HUB_UNREACHABLE", "LOG_INCONSISTENT"] as const)("and that cannot be had now (%s), it is given as it is, and a header says why", async (code) => {
    const id = await receive();
    await proveIn(world.reader.store, id, { log, now });
    proveWitnessed = () => Promise.reject(new Fault(code, "not now"));
    const answer = await ask(id);
    expect([answer.status, unwitnessed(answer)]).toEqual([200, code]);
    expect(notYes(utf8(answer.text))).toContain("witnesses:LOG_CHECKPOINT_INVALID");
    const { json } = await world.ask(`/v1/messages/${id}`, "ada");
    expect(json["log"]).toMatchObject([{ state: "PROVED" }]);
    expect(JSON.stringify(json)).not.toContain("cosignedAt");
  });

  it("whoever may not have the evidence has nobody asked", async () => {
    let times = 0;
    proveWitnessed = () => Promise.resolve(void (times += 1));
    world.callers.set("low", makeCaller("low", { handlingUpTo: "H0", purpose: "INVESTIGATION" }));
    const id = await receive({ handling: "H1" });
    await proveIn(world.reader.store, id, { log, now });
    for (const as of ["low", "ada"]) {
      const answer = await world.ask(`/v1/messages/${id}/evidence?to=gh/tcu`, as);
      expect([answer.status, unwitnessed(answer)]).toEqual([as === "low" ? 404 : 403, null]);
    }
    expect(times).toBe(0);
  });
}); // prettier-ignore
