import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { submit } from "../exchange/submit.ts";
import { type CarryRecord, decodeMessage, decodePublication } from "../../schemas/index.ts";
import { type Bytes, concatBytes, parseUuid } from "../../schemas/ground/index.ts";
import {
  bulletin,
  handedOf,
  type MadeOffice,
  makeOffice,
  rewrap,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  bring,
  carry,
  dump,
  type Forgery,
  forge,
  inPieces,
  makeParts,
} from "../../test/kit/carry-world.ts";
import { lengthIn, renderLength } from "./byte-reader.ts";
import { checkFile } from "./index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
let world: GatewayWorld;
let nigeria: MadeOffice;
let ghana: MadeOffice;
let senegal: MadeOffice;
let publication: Bytes;
let foreign: Bytes;
let good: Bytes;

async function publicationOf(office: MadeOffice, key: string): Promise<Bytes> {
  const { id } = await submit(office, bulletin, key);
  const { seq } = office.store.messages.find(parseUuid(id))!;
  return handedOf(office, seq)[0]!.bytes;
}

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "sn/tcu"], { now });
});

beforeEach(async () => {
  nigeria = makeOffice(world, "ng/tcu");
  ghana = makeOffice(world, "gh/tcu");
  senegal = makeOffice(world, "sn/tcu");
  publication = await publicationOf(nigeria, "a");
  foreign = await publicationOf(senegal, "s");
  good = (await carry(nigeria, world, "gh/tcu")).file;
});

afterEach(() => {
  for (const office of [nigeria, ghana, senegal]) office.close();
});

/** What bringing a file and looking at it say: the same, and the store is as before. */
async function refused(file: Bytes, office = ghana): Promise<string> {
  const before = dump(office);
  const taken = await bring(office, file).then(() => "good", ({ code }: { code: string }) => code);
  const looked = await checkFile(office, makeParts(office), inPieces(file)).then(() => "good", ({ code }: { code: string }) => code);
  expect(looked).toBe(taken);
  if (taken !== "good") expect(dump(office)).toEqual(before);
  return taken;
} // prettier-ignore

const pair = { writer: "ng/tcu", to: "gh/tcu" };
const forged = async (forgery: Forgery, between = pair): Promise<string> =>
  await refused(await forge(world, between, forgery));

/** The sealed pieces of a file, each with its length, and what stands before them. */
function cut(file: Bytes): { readonly front: Bytes; readonly pieces: readonly Bytes[] } {
  const start = 28 + lengthIn(file.subarray(24, 28));
  const pieces: Bytes[] = [];
  for (let at = start; at < file.length;) {
    const next = at + 4 + lengthIn(file.subarray(at, at + 4));
    pieces.push(file.subarray(at, next));
    at = next;
  }
  return { front: file.subarray(0, start), pieces };
}

/** A file of several pieces. */
async function long(): Promise<Bytes> {
  for (const one of Array.from({ length: 60 }, (_, at) => at)) {
    await submit(nigeria, bulletin, `more ${one}`);
  }
  return (await carry(nigeria, world, "gh/tcu")).file;
}

describe("a file as it is written", () => {
  it("is good, also as one makes it by hand who has the writer's keys", async () => {
    expect(await refused(good)).toBe("good");
    expect(await forged({ records: [{ publication }] })).toBe("good");
    expect(await forged({ records: [] })).toBe("good");
  });

  it("cut short at any place is refused", async () => {
    const { front } = cut(good);
    const ends = [0, 7, 8, 20, 26, 100, front.length, front.length + 3, good.length - 1];
    for (const end of ends) expect(await refused(good.subarray(0, end))).toBe("CARRY_INVALID");
  });

  it("cut short between two pieces is refused: none of the others is marked as the last", async () => {
    const { front, pieces } = cut(await long());
    expect(pieces.length).toBeGreaterThan(1);
    for (const count of pieces.keys()) {
      expect(await refused(concatBytes(front, ...pieces.slice(0, count)))).toBe("CARRY_INVALID");
    }
  });

  it("with pieces that changed places, came twice or from another file is refused", async () => {
    const { front, pieces } = cut(await long());
    const [first = front, ...rest] = pieces;
    const other = cut(await long()).pieces;
    for (const order of [
      [...rest, first],
      [first, first, ...rest],
      [...pieces, first],
      [...rest],
      [...other.slice(0, 1), ...rest],
    ]) {
      expect(await refused(concatBytes(front, ...order))).toBe("CARRY_INVALID");
    }
    expect(await refused(concatBytes(front, ...other))).toBe("CARRY_INVALID");
  });

  it("with one bit changed is refused, wherever that is", async () => {
    const { front } = cut(good);
    for (const at of [0, 7, 8, 23, 24, 27, 60, front.length - 2, front.length + 1, front.length + 40, good.length - 30]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      expect(["CARRY_INVALID", "CARRY_NOT_FOR_US"]).toContain(await refused(bad));
    }
  }); // prettier-ignore

  it("with something behind it is refused", async () => {
    expect(await refused(concatBytes(good, Buffer.from("x")))).toBe("CARRY_INVALID");
    expect(await refused(concatBytes(good, good))).toBe("CARRY_INVALID");
  });

  it("for another agency is refused, whether it is only seen or was sealed to us anew", async () => {
    expect(await refused(good, senegal)).toBe("CARRY_NOT_FOR_US");
    expect(await refused(good, nigeria)).toBe("CARRY_NOT_FOR_US");
    expect(await forged({ records: [], head: { reader: "sn/tcu" } })).toBe("CARRY_NOT_FOR_US");
  });

  it("whose lengths promise more than there may be is refused before anything is made of it", async () => {
    const huge = concatBytes(good.subarray(0, 24), renderLength(0xffff_ffff), good.subarray(28));
    expect(await refused(huge)).toBe("CARRY_INVALID");
    const { front, pieces } = cut(good);
    const piece = concatBytes(renderLength(0x7fff_ffff), pieces[0]!.subarray(4));
    expect(await refused(concatBytes(front, piece))).toBe("CARRY_INVALID");
    expect(await refused(new Uint8Array())).toBe("CARRY_INVALID");
  });
});

describe("a file of ill will", () => {
  it("signed by another, or by nobody who may, is refused", async () => {
    expect(await forged({ records: [{ publication }], signer: "sn/tcu" })).toBe("CARRY_SIGNATURE_INVALID");
    const unknown = await makeGatewayWorld(["ml/tcu", "gh/tcu"], { now });
    const file = await forge({ ...world, agency: (name) => (name === "ml/tcu" ? unknown.agency(name) : world.agency(name)) }, { writer: "ml/tcu", to: "gh/tcu" }, { records: [] });
    expect(await refused(file)).toBe("AGENCY_UNKNOWN");
  }); // prettier-ignore

  it("whose end says something else than is in it is refused", async () => {
    const records: readonly CarryRecord[] = [{ publication }];
    for (const end of [
      { publications: 2 },
      { receipts: 1 },
      { registerFiles: 1 },
      { digest: Buffer.alloc(32) },
      { writer: "sn/tcu" },
      { reader: "sn/tcu" },
      { fileId: Buffer.alloc(16, 1) },
      { writtenAt: now - 1 },
    ]) {
      expect(await forged({ records, end })).toBe("CARRY_INVALID");
    }
  });

  it("dated in the future is refused", async () => {
    const writtenAt = now + 121_000;
    expect(await forged({ records: [], head: { writtenAt }, end: { writtenAt } })).toBe("CARRY_INVALID");
  }); // prettier-ignore

  it("without an end, with two, or with something behind it is refused", async () => {
    const end = { end: Buffer.from([8, 1]), signature: "aa..bb" };
    expect(await forged({ records: [{ publication }], noEnd: true })).toBe("CARRY_INVALID");
    expect(await forged({ records: [{ end }] })).toBe("CARRY_INVALID");
    expect(await forged({ records: [], behind: Buffer.from("x") })).toBe("CARRY_INVALID");
    expect(await forged({ records: [], behind: Buffer.alloc(70_000) })).toBe("CARRY_INVALID");
  });

  it("with a record that is nothing, two things, or out of its order is refused", async () => {
    const receipt = signReceipt(world, "ng/tcu", { recipient: "gh/tcu" });
    const registerFile = { path: "1.root.json", content: Buffer.from("{}") };
    for (const records of [
      [{}],
      [{ publication, receipt }],
      [{ publication }, { receipt }],
      [{ receipt }, { registerFile }],
      [{ registerFile }, { registerFile }],
    ]) {
      expect(await forged({ records })).toBe("CARRY_INVALID");
    }
  });

  it("that holds another's publications or receipts is refused: only its writer's own words are in it", async () => {
    expect(await forged({ records: [{ publication: foreign }] })).toBe("CARRY_INVALID");
    for (const receipt of [
      signReceipt(world, "sn/tcu", { recipient: "gh/tcu" }),
      signReceipt(world, "ng/tcu", { recipient: "sn/tcu" }),
    ]) {
      expect(await forged({ records: [{ receipt }] })).toBe("CARRY_INVALID");
    }
  });

  it("with a publication or receipt that is none is refused", async () => {
    for (const bytes of [Buffer.from("x"), concatBytes(publication, Buffer.from([1]))]) {
      expect(await forged({ records: [{ publication: bytes }] })).toBe("CARRY_INVALID");
      expect(await forged({ records: [{ receipt: bytes }] })).toBe("CARRY_INVALID");
    }
  });

  it("that is good but holds what cannot be proved: that lies in quarantine, as it would from a hub", async () => {
    const whole = decodePublication(publication);
    const message = decodeMessage(whole.message);
    const signatures = [world.agency("sn/tcu").signer.sign("atumpan-envelope", message.envelope)];
    const bad = rewrap(whole, { ...message, signatures });
    const file = await forge(world, pair, { records: [{ publication: bad }, { publication }] });
    expect(await bring(ghana, file)).toMatchObject({ added: 1, quarantined: 1 });
    const [lying] = ghana.store.messages.list({ box: "in", state: "QUARANTINED", limit: 9 });
    expect(lying?.code).toBe("ORIGIN_MISMATCH");
    // brought again, it lies there once
    expect(await bring(ghana, file)).toMatchObject({ added: 0, known: 1, quarantined: 1 });
    expect(ghana.store.messages.count("in", "QUARANTINED")).toBe(1);
  });
});
