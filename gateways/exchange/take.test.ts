import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { sha256, utf8 } from "../../schemas/ground/index.ts";
import {
  decodeReceipt,
  decodeSignedReceipt,
  decodeSlip,
  type Head,
  type Held,
  parseSlip,
} from "../../schemas/index.ts";
import {
  alert,
  bulletin,
  type Handed,
  type MadeOffice,
  makeOffice,
  publish,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { expireOverdue } from "./expire.ts";
import { makeHeldReceipts } from "./held-receipts.ts";
import { makeTakeHeads } from "./take-heads.ts";
import type { Arrival } from "./quarantine.ts";
import { makeTakePublications } from "./take-publications.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const now = 1_780_272_000_000;
const hub = "ecowas/hub";
const channel = "ecowas.drugs.h0.bulletin.red_flag";
const place = { stream: "FEED_ECOWAS", instance: "one" };
let world: GatewayWorld;
let sender: MadeOffice;
let reader: MadeOffice;
let held: number[];
let refreshed: number;
let refresh: () => boolean;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ci/tcu"], { now });
});

beforeEach(() => {
  sender = makeOffice(world, "ng/tcu");
  reader = makeOffice(world, "gh/tcu");
  held = [];
  refreshed = 0;
  refresh = () => false;
});

afterEach(() => {
  sender.close();
  reader.close();
});

async function take(...arrivals: readonly Arrival[]): Promise<void> {
  await makeTakePublications(reader, {
    refreshRegister: async () => {
      refreshed += 1;
      return await Promise.resolve(refresh());
    },
    held: (chains) => void held.push(...chains),
  })(arrivals);
}

const postponed: number[] = [];
async function receive(...receipts: readonly Uint8Array[]): Promise<void> {
  postponed.length = 0;
  await makeTakeReceipts(sender, {
    wake: () => undefined,
    postpone: (seq) => void postponed.push(seq),
    sawEpoch: () => undefined,
    refreshRegister: () => Promise.resolve(false),
  })(receipts);
}

function inbox(state: string): readonly { readonly code?: string | undefined }[] {
  return reader.store.messages.list({ box: "in", state, limit: 100 });
}

function accepted(seq: number, line: object = {}): Uint8Array {
  const { message, channel: where } = sender.store.outbox.get(seq)!;
  const { id: messageId, digest: envelopeDigest } = sender.store.messages.get(message)!;
  const good = { messageId, envelopeDigest, channel: where, ...place, streamSequence: 10 + seq };
  return signReceipt(world, hub, { recipient: "ng/tcu", accepted: [{ ...good, ...line }] });
}

function heldLine(seq: number, change: Partial<Held> = {}): Held {
  const { channel: where, series, sequence, slipDigest } = sender.store.outbox.get(seq)!;
  return { channel: where, series, sequence, slipDigest, missing: [], ...change };
}

function holds(issuer: string, ...lines: readonly Held[]): Uint8Array {
  return signReceipt(world, issuer, { recipient: "ng/tcu", held: lines });
}

function stateOf(message: number): string | undefined {
  return sender.store.messages.summary(message)?.state;
}

describe("taking publications", () => {
  it("a proven message is in the inbox once, however often and on whichever channel it comes", async () => {
    const handed = await publish(sender, { ...alert, crimes: ["drugs", "arms"] }, "k");
    await take(...handed, ...handed);
    await take(...handed);
    expect(inbox("VERIFIED")).toHaveLength(1);
    expect(inbox("QUARANTINED")).toHaveLength(0);
    expect(reader.store.chains.changedSince(0)).toHaveLength(2);
  });

  it("what cannot be proved lies in quarantine once, with its code, under an id of our own", async () => {
    const [handed] = (await publish(sender, alert, "k")) as [Handed];
    const bad = { ...handed, subject: handed.subject.replace("drugs", "arms") };
    await take(bad, { subject: "feed.x", bytes: utf8("nothing") });
    await take(bad);
    expect(inbox("QUARANTINED").map(({ code }) => code)).toEqual([
      "CODEC_MALFORMED",
      "SUBJECT_MISMATCH",
    ]);
    expect(inbox("VERIFIED")).toHaveLength(0);
    expect(held).toEqual([]);
  });

  it("an id its sender used before for other content is refused", async () => {
    const [one] = (await publish(sender, alert, "k")) as [Handed];
    await take(one);
    const known = reader.store.messages.list({ box: "in", limit: 1 })[0]!;
    await reader.store.write(() => {
      const stored = reader.store.messages.get(known.seq)!;
      reader.store.messages.remove(known.seq);
      reader.store.messages.add({ ...stored, digest: sha256(utf8("other")) });
    });
    await take(one);
    expect(inbox("QUARANTINED").map(({ code }) => code)).toEqual(["ENVELOPE_ID_REUSED"]);
  });

  it("a message held already that comes again past its time is not quarantined", async () => {
    const [one] = (await publish(sender, { ...alert, expiresAt: "2026-06-01T01:00:00Z" }, "k")) as [
      Handed,
    ];
    await take(one);
    reader.clock.move(3_600_001);
    await take(one);
    expect(inbox("QUARANTINED")).toHaveLength(0);
    const [two] = (await publish(
      sender,
      { ...alert, expiresAt: "2026-06-01T01:00:00Z" },
      "k2",
    )) as [Handed];
    await take(two);
    expect(inbox("QUARANTINED").map(({ code }) => code)).toEqual(["ENVELOPE_EXPIRED"]);
  });

  it("what a newer register proves is fetched first, and leaves the quarantine when it comes later", async () => {
    const [one] = (await publish(sender, alert, "k")) as [Handed];
    const other = await makeGatewayWorld(["gh/tcu"], { now });
    let view = other.view;
    const { keys } = reader;
    reader = Object.assign(reader, { register: () => view, keys });
    await take(one);
    expect(refreshed).toBe(1);
    expect(inbox("QUARANTINED").map(({ code }) => code)).toEqual(["AGENCY_UNKNOWN"]);
    const page = { now, before: 100, limit: 10 };
    const lying = reader.store.messages.quarantined(["AGENCY_UNKNOWN"], page);
    view = world.view;
    await take(
      ...lying.map(({ seq, subject = "", raw }) => ({ subject, bytes: raw, quarantined: seq })),
    );
    expect(inbox("QUARANTINED")).toHaveLength(0);
    expect(inbox("VERIFIED")).toHaveLength(1);
    view = other.view;
    refresh = () => {
      view = world.view;
      return true;
    };
    await take(...(await publish(sender, alert, "k2")));
    expect(inbox("VERIFIED")).toHaveLength(2);
  });

  it("under a register past its last use nothing is judged", async () => {
    const [one] = (await publish(sender, alert, "k")) as [Handed];
    reader.clock.move(34 * 86_400_000);
    await take(one);
    expect(inbox("QUARANTINED").map(({ code }) => code)).toEqual(["REGISTER_STALE"]);
  });

  it("a withheld message shows as a gap, and its slip is told as missing", async () => {
    const handed = [];
    for (const key of ["a", "b", "c"]) handed.push(...(await publish(sender, bulletin, key)));
    await take(handed[0]!, handed[2]!);
    expect(reader.store.chains.get(held[0]!)).toMatchObject({ highest: 3, missing: [2] });
    const sent: { subject: string; bytes: Uint8Array }[] = [];
    const receipts = makeHeldReceipts(
      reader,
      (subject, bytes) => sent.push({ subject, bytes }) > 0,
    );
    receipts.note(held);
    receipts.tick();
    const { receipt } = decodeSignedReceipt(sent[0]!.bytes);
    expect(sent.map(({ subject }) => subject)).toEqual(["out.receipt.ng.tcu"]);
    expect(decodeReceipt(receipt).held).toMatchObject([{ channel, sequence: 3, missing: [2] }]);
    receipts.tick();
    expect(sent).toHaveLength(1);
    reader.clock.move(61_000);
    receipts.tick();
    expect(sent).toHaveLength(2);
    receipts.repeatSince(0);
    expect(sent).toHaveLength(3);
  });

  it("held receipts wait while there is no link", async () => {
    await take(...(await publish(sender, alert, "k")));
    let isUp = false;
    let count = 0;
    const receipts = makeHeldReceipts(reader, () => {
      if (isUp) count += 1;
      return isUp;
    });
    receipts.note(held);
    receipts.tick();
    isUp = true;
    receipts.tick();
    expect(count).toBe(1);
  });
});

describe("taking receipts", () => {
  it("a message is accepted when every channel is, and delivered when every reader holds it", async () => {
    await publish(sender, { ...bulletin, crimes: ["drugs", "arms"] }, "k");
    await receive(accepted(1));
    expect(stateOf(1)).toBe("QUEUED");
    await receive(accepted(2));
    expect(stateOf(1)).toBe("ACCEPTED");
    expect(sender.store.outbox.countWaiting()).toBe(0);
    await receive(holds("gh/tcu", heldLine(2)));
    expect(stateOf(1)).toBe("ACCEPTED");
    await receive(holds("ci/tcu", heldLine(1)), holds("ci/tcu", heldLine(1)));
    expect(stateOf(1)).toBe("DELIVERED");
    const kinds = sender.store.ladder.rungs(1).map(({ kind, issuer }) => `${kind} ${issuer}`);
    expect(kinds.toSorted()).toEqual([
      "ACCEPTED ecowas/hub",
      "ACCEPTED ecowas/hub",
      "DELIVERED ci/tcu",
      "DELIVERED gh/tcu",
    ]);
  });

  it("what a reader misses, or says nothing of, is not delivered; once he holds it, it is", async () => {
    for (const key of ["a", "b", "c"]) await publish(sender, bulletin, key);
    for (const issuer of ["gh/tcu", "ci/tcu"]) {
      await receive(holds(issuer, heldLine(3, { missing: [2], from: 2 })));
    }
    expect([1, 2, 3].map(stateOf)).toEqual(["QUEUED", "QUEUED", "DELIVERED"]);
    for (const issuer of ["gh/tcu", "ci/tcu"])
      await receive(holds(issuer, heldLine(3, { from: 2 })));
    expect([1, 2, 3].map(stateOf)).toEqual(["QUEUED", "DELIVERED", "DELIVERED"]);
    for (const issuer of ["gh/tcu", "ci/tcu"]) await receive(holds(issuer, heldLine(3)));
    expect([1, 2, 3].map(stateOf)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]);
  });

  it("an older word of a reader does not undo a newer one, nor does a slip that is not ours count", async () => {
    await publish(sender, bulletin, "a");
    await receive(holds("gh/tcu", heldLine(1, { slipDigest: sha256(utf8("forged")) })));
    await receive(holds("ci/tcu", heldLine(1)));
    const old = { recipient: "ng/tcu", issuedAt: now - 1000, held: [heldLine(1, { missing: [] })] };
    await receive(signReceipt(world, "ci/tcu", old));
    expect(stateOf(1)).toBe("QUEUED");
    expect(sender.store.ladder.countOpen(1)).toBe(1);
  });

  it("a refusal ends it with its code, and the next slip of the channel says the number is void", async () => {
    await publish(sender, bulletin, "a");
    const { digest: publicationDigest } = sender.store.outbox.get(1)!;
    const line = { publicationDigest, channel, code: "MANDATE_MISSING", detail: "no" };
    await receive(signReceipt(world, hub, { recipient: "ng/tcu", refused: [line] }));
    expect(sender.store.messages.summary(1)).toMatchObject({
      state: "REFUSED",
      code: "MANDATE_MISSING",
    });
    await publish(sender, bulletin, "b");
    expect(parseSlip(sender.store.outbox.get(2)!.slip).voided).toEqual([1]);
    const second = sender.store.outbox.get(2)!.digest;
    await receive(
      signReceipt(world, hub, {
        recipient: "ng/tcu",
        refused: [{ ...line, publicationDigest: second }],
      }),
    );
    await publish(sender, bulletin, "c");
    expect(decodeSlip(sender.store.outbox.get(3)!.slip).voided).toEqual([1, 2]);
  });

  it("a refusal that may pass leaves it waiting, and says for what until it is taken", async () => {
    await publish(sender, bulletin, "a");
    const { digest: publicationDigest } = sender.store.outbox.get(1)!;
    const refused = [{ publicationDigest, code: "QUOTA_EXCEEDED" }];
    await receive(signReceipt(world, hub, { recipient: "ng/tcu", refused }));
    const waits = { state: "QUEUED", code: "QUOTA_EXCEEDED" };
    expect(sender.store.messages.summary(1)).toMatchObject(waits);
    expect(postponed).toEqual([1]);
    expect(sender.store.outbox.countWaiting()).toBe(1);
    await receive(accepted(1));
    expect(sender.store.messages.summary(1)?.code).toBeUndefined();
  });

  it("lines about other messages, other content or other streams change nothing", async () => {
    await publish(sender, bulletin, "a");
    const digest = sha256(utf8("other"));
    await receive(
      accepted(1, { envelopeDigest: digest }),
      accepted(1, { channel: "ecowas.arms.h0.bulletin.red_flag" }),
      accepted(1, { stream: "DIRECT" }),
      signReceipt(world, hub, {
        recipient: "ng/tcu",
        refused: [{ publicationDigest: digest, code: "CERT_REVOKED" }],
      }),
    );
    expect(stateOf(1)).toBe("QUEUED");
    expect(sender.store.outbox.get(1)?.state).toBe("WAITING");
  });

  it("nobody says what is not his to say, nor to another", async () => {
    await publish(sender, bulletin, "a");
    const { digest: publicationDigest } = sender.store.outbox.get(1)!;
    const refused = [{ publicationDigest, code: "CERT_REVOKED" }];
    await receive(
      signReceipt(world, "gh/tcu", { recipient: "ng/tcu", refused }),
      signReceipt(world, hub, { recipient: "ng/tcu", held: [heldLine(1)] }),
      signReceipt(world, "gh/tcu", { recipient: "ci/tcu", held: [heldLine(1)] }),
      signReceipt(world, "gh/tcu", { recipient: "ng/tcu", held: [heldLine(1)], issuer: "ci/tcu" }),
      signReceipt(world, hub, { recipient: "ng/tcu", refused, issuedAt: now + 999_000 }),
      utf8("no receipt"),
    );
    expect(stateOf(1)).toBe("QUEUED");
    expect(sender.store.ladder.rungs(1)).toEqual([]);
  });
});

describe("taking heads", () => {
  async function heads(
    instance: string,
    lastSequence: number,
    issuer = hub,
  ): Promise<{ woken: number; repeated: number }> {
    let woken = 0;
    let repeated = 0;
    const taking = makeTakeHeads(sender, {
      wake: () => void (woken += 1),
      sawEpoch: () => undefined,
      repeatAll: () => void (repeated += 1),
    });
    const lines = [
      { stream: "FEED_ECOWAS", instance, lastSequence },
      { stream: "RECEIPTS", instance, lastSequence: 1 },
    ];
    await taking.take(
      signReceipt(world, issuer, { recipient: "ng/tcu", heads: lines }),
      taking.before(),
    );
    return { woken, repeated };
  }

  it("a stream that stands where it was, or further, changes nothing", async () => {
    await publish(sender, bulletin, "a");
    await receive(accepted(1));
    expect(await heads("one", 11)).toEqual({ woken: 0, repeated: 0 });
    expect(stateOf(1)).toBe("ACCEPTED");
  });

  it.each([
    ["another instance", "two", 99],
    ["a shorter stream", "one", 10],
  ])("%s sends everything again that is not delivered", async (_name, instance, last) => {
    await publish(sender, bulletin, "a");
    await publish(sender, bulletin, "b");
    await receive(
      accepted(1),
      accepted(2),
      holds("gh/tcu", heldLine(1)),
      holds("ci/tcu", heldLine(1)),
    );
    expect([1, 2].map(stateOf)).toEqual(["DELIVERED", "ACCEPTED"]);
    expect((await heads(instance, last)).woken).toBe(1);
    expect([1, 2].map(stateOf)).toEqual(["DELIVERED", "QUEUED"]);
    expect(sender.store.outbox.waiting(10)).toEqual([2]);
  });

  it("new receipts at the hub make a reader tell all he holds again", async () => {
    expect((await heads("one", 0)).repeated).toBe(0);
    expect((await heads("one", 0)).repeated).toBe(0);
    expect((await heads("two", 0)).repeated).toBe(1);
  });

  it("an answer that leaves a stream out is not enough: the hub is making it anew", async () => {
    await publish(sender, bulletin, "a");
    await receive(accepted(1));
    const taking = makeTakeHeads(sender, {
      wake: () => undefined,
      sawEpoch: () => undefined,
      repeatAll: () => undefined,
    });
    const line = (stream: string): Head => ({ stream, instance: "one", lastSequence: 11 });
    const answer = (...streams: readonly string[]): Promise<void> => {
      const bytes = signReceipt(world, hub, { recipient: "ng/tcu", heads: streams.map(line) });
      return taking.take(bytes, taking.before());
    };
    for (const streams of [["RECEIPTS"], ["FEED_ECOWAS"], []]) {
      await expect(answer(...streams)).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    }
    await answer("FEED_ECOWAS", "RECEIPTS");
    expect(stateOf(1)).toBe("ACCEPTED");
  });

  it("only a hub is asked", async () => {
    await expect(heads("one", 0, "gh/tcu")).rejects.toMatchObject({ code: "RECEIPT_INVALID" });
  });
});

describe("expireOverdue", () => {
  it("what is past its time is no longer sent, and its number is void", async () => {
    await publish(sender, { ...bulletin, expiresAt: "2026-06-01T01:00:00Z" }, "a");
    expect(await expireOverdue(sender)).toBe(0);
    sender.clock.move(3_600_000);
    expect(await expireOverdue(sender)).toBe(1);
    expect(stateOf(1)).toBe("EXPIRED");
    expect(sender.store.outbox.countWaiting()).toBe(0);
    await publish(sender, bulletin, "b");
    expect(parseSlip(sender.store.outbox.get(2)!.slip).voided).toEqual([1]);
  });
});
