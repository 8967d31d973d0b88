import { describe, expect, it } from "vitest";

import { encodeReceipt, encodeSignedReceipt, parseReceipt } from "../../schemas/index.ts";
import { Fault, sha256, utf8 } from "../../schemas/ground/index.ts";
import { fixtureHub, fixtureNow, makeRegion, mandate } from "../../test/kit/hub-region.ts";
import { makePublication } from "../../test/kit/hub-messages.ts";
import { checkHeldReceipt } from "./held.ts";

const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "gh/tcu", kind: "TCU" },
    { agency: "gh/fiu", kind: "FIU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"])],
});

describe("checkHeldReceipt", () => {
  const place = { origin: "gh/tcu", kind: "receipt", target: "ng/tcu" } as const;
  const held = {
    channel: "ecowas.drugs.h0.bulletin.red_flag",
    series: 1,
    sequence: 3,
    slipDigest: sha256(utf8("s")),
    missing: [],
  };
  const usual = {
    version: 1,
    issuer: "gh/tcu",
    recipient: "ng/tcu",
    issuedAt: fixtureNow,
    accepted: [],
    refused: [],
    held: [held],
    heads: [],
    opened: [],
    registerEpoch: 1,
  };
  const sign = (change: Partial<Parameters<typeof encodeReceipt>[0]>, signer = "gh/tcu") => {
    const receipt = encodeReceipt({ ...usual, ...change });
    return encodeSignedReceipt({
      receipt,
      signature: region.signer(signer).sign("atumpan-receipt", receipt),
    });
  };
  const check = (bytes: Uint8Array, at: Parameters<typeof checkHeldReceipt>[1] = place): string => {
    try {
      checkHeldReceipt(bytes, at, { register: region.view, now: fixtureNow });
      return "passed";
    } catch (error) {
      return error instanceof Fault ? error.code : "not a fault";
    }
  };

  it("orders to a hub beyond go to a relay at this hub alone, and its answers come from one", () => {
    const hub = "ecowas/hub";
    const agreement = { agreementRef: "R1", hubs: [hub, "au/hub-two"], parties: [], types: ["*"], handlingUpTo: "H1", from: 0 };
    const one = { hub: "au/hub-two", word: utf8("a signed word") };
    const codeOf = (relay: string, said: object, at: { readonly hub?: string } = { hub }): string => {
      const register = { ...region.view, relays: [{ ...agreement, relay }] };
      try {
        checkHeldReceipt(sign({ held: [], ...said }), place, { register, now: fixtureNow, ...at });
        return "passed";
      } catch (error) {
        return error instanceof Fault ? error.code : "not a fault";
      }
    };
    const orders = { farErasures: { orders: [one], answers: [] } };
    const answers = { farErasures: { orders: [], answers: [one] } };
    expect([codeOf("ng/tcu", orders), codeOf("gh/tcu", answers)]).toEqual(["passed", "passed"]);
    expect([codeOf("gh/tcu", orders), codeOf("ng/tcu", answers)]).toEqual(["RELAY_INVALID", "RELAY_INVALID"]);
    expect(codeOf("ng/tcu", orders, { hub: "au/hub-three" })).toBe("RELAY_INVALID");
    expect(codeOf("ng/tcu", orders, {})).toBe("RELAY_INVALID");
    // an order to this hub is no receipt: it is asked of it
    expect(codeOf("ng/tcu", { ...orders, erasures: { messages: [], chunks: [] } })).toBe("RECEIPT_INVALID");
  }); // prettier-ignore

  it("a reader's signed held lines pass", () => {
    expect(parseReceipt(sign({})).receipt.held).toHaveLength(1);
    expect(check(sign({}))).toBe("passed");
  });

  it("a reader's signed opened lines pass, alone or beside held ones", () => {
    const opened = [
      {
        messageId: makePublication(region, "ng/tcu").envelope.id,
        envelopeDigest: sha256(utf8("x")),
        openedAt: fixtureNow,
        reader: 1,
      },
    ];
    expect(check(sign({ opened }))).toBe("passed");
    expect(check(sign({ opened, held: [] }))).toBe("passed");
    expect(check(sign({ opened: [{ ...opened[0]!, reader: 65 }] }))).toBe("RECEIPT_INVALID");
    expect(check(sign({ opened }, "ng/tcu"))).toBe("ORIGIN_MISMATCH");
  });

  it("to itself an agency says one line about nothing, and nothing else", () => {
    const line = { messageId: makePublication(region, "ng/tcu").envelope.id, envelopeDigest: sha256(utf8("x")), openedAt: fixtureNow, reader: 1 };
    const canary = { recipient: "gh/tcu", held: [], opened: [line] };
    const own = { ...place, target: "gh/tcu" };
    expect(check(sign(canary), own)).toBe("passed");
    expect(check(sign({ ...canary, held: [held] }), own)).toBe("RECEIPT_INVALID");
    expect(check(sign({ ...canary, opened: [line, line] }), own)).toBe("RECEIPT_INVALID");
    expect(check(sign({ ...canary, opened: [], held: [held] }), own)).toBe("RECEIPT_INVALID");
    expect(check(sign({ ...canary, checkpoint: utf8("note") }), own)).toBe("RECEIPT_INVALID");
    expect(check(sign(canary, "ng/tcu"), own)).toBe("ORIGIN_MISMATCH");
    expect(check(sign(canary), place)).toBe("SUBJECT_MISMATCH");
  }); // prettier-ignore

  it("what the hub's log was seen to be goes with it, signed; alone, or longer than one note, it is refused", () => {
    const note = utf8("atumpan/ecowas/hub\n");
    expect(check(sign({ checkpoint: note }))).toBe("passed");
    expect(check(sign({ checkpoint: note, held: [] }))).toBe("RECEIPT_INVALID");
    expect(check(sign({ checkpoint: new Uint8Array(513).fill(1) }))).toBe("RECEIPT_INVALID");
  });

  it("what is not the reader's own, signed and to that sender, is refused", () => {
    const accepted = {
      messageId: makePublication(region, "ng/tcu").envelope.id,
      envelopeDigest: sha256(utf8("x")),
      channel: held.channel,
      stream: "S",
      instance: "i",
      streamSequence: 1,
    };
    expect(check(sign({ issuer: "ng/tcu" }))).toBe("ORIGIN_MISMATCH");
    expect(check(sign({ recipient: "gh/fiu" }))).toBe("SUBJECT_MISMATCH");
    expect(check(sign({}, "ng/tcu"))).toBe("ORIGIN_MISMATCH");
    expect(check(sign({ accepted: [accepted] }))).toBe("RECEIPT_INVALID");
    expect(check(sign({ stop: { since: fixtureNow, reason: "DRILL" } }))).toBe("RECEIPT_INVALID");
    expect(check(sign({ held: [] }))).toBe("RECEIPT_INVALID");
    expect(check(sign({ recipient: fixtureHub }), { ...place, target: fixtureHub })).toBe(
      "RECEIPT_INVALID",
    );
    expect(check(utf8("junk"))).toBe("RECEIPT_INVALID");
    // unknown fields would travel on under a signature that does not cover them
    expect(check(Buffer.concat([sign({}), Buffer.from("7a0100", "hex")]))).toBe("RECEIPT_INVALID");
  });
});
