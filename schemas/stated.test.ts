import { describe, expect, it } from "vitest";

import { type Dice, makeDice, pick } from "../test/kit/dice.ts";
import { isFault, makeSeededChance, makeUuid } from "./ground/index.ts";
import {
  checkStated,
  codeList,
  decodeInnerHeader,
  encodeEnvelope,
  encodeInnerHeader,
  type Envelope,
  type InnerHeader,
  limits,
  makeOuterHeader,
  makeSealedWords,
  type MessageType,
  messageTypes,
  parseEnvelope,
  parseInnerHeader,
  regionalFields,
  typeOptions,
} from "./index.ts";

const chance = makeSeededChance("stated");
const createdAt = 1_780_272_000_000;
const proofs = { bodyRoot: new Uint8Array(32), bodyDigest: new Uint8Array(32) };
const urgencies = codeList("URGENCY")!.codes;
const actions = codeList("ACTION")!.codes;

/** The ways a type travels: some go to named recipients as well as to a feed. */
const ways = messageTypes.flatMap((type) => {
  const { scope = "FEED" } = typeOptions(type) ?? {};
  const both = scope === "FEED" && regionalFields(type) !== undefined;
  return (both ? [scope, "DIRECT"] : [scope]).map((one) => [type, one] as const);
});

type Words = Pick<Envelope, "urgency" | "action" | "languages" | "validFrom" | "expiresAt">;

function drawWords(dice: Dice): Words {
  // the dice have 65536 sides
  const span = limits.maxLifetimeMs - dice(65_536) * 2_410_000;
  const words = { urgency: pick(dice, urgencies), action: pick(dice, actions) };
  const languages = ["en", "fr", "pt"].slice(0, dice(4));
  const validFrom = dice(2) === 0 ? undefined : createdAt + dice(60_000);
  return { ...words, languages, validFrom, expiresAt: createdAt + span };
}

type Header = Parameters<typeof makeOuterHeader>[0];
const id = makeUuid(createdAt, chance);

function headerOf(type: MessageType, scope: string, words: Words): Header {
  const { form = "SEALED" } = typeOptions(type) ?? {};
  const own = { version: 1, id, scope, originator: "ng/tcu", handling: "H1", status: "ACTUAL" };
  const place =
    scope === "FEED"
      ? { type, typeVersion: 1, recs: ["ecowas"], crimes: ["drugs"], mailboxes: [] }
      : { recs: [], crimes: [], mailboxes: ["a".repeat(26)] };
  return { ...own, ...place, ...words, releaseLevel: "REGIONAL", createdAt, form };
}

function innerOf(type: MessageType, header: Header): InnerHeader {
  const own = header.scope === "FEED" ? {} : { type, typeVersion: 1, crimes: ["drugs"] };
  return { ...parseInnerHeader(own), ...makeSealedWords(header) };
}

function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
  return "no fault";
}

describe("the two headers of a message", () => {
  it.each(ways)("%s, %s: what its sender said is what its reader reads", (type, scope) => {
    const dice = makeDice(`stated ${type} ${scope}`);
    for (let round = 0; round < 20; round += 1) {
      const header = headerOf(type, scope, drawWords(dice));
      const outer = parseEnvelope(encodeEnvelope({ ...makeOuterHeader(header), ...proofs }));
      const inner = decodeInnerHeader(encodeInnerHeader(innerOf(type, header)));
      const { bodyRoot: _root, bodyDigest: _digest, ...read } = checkStated(outer, inner);
      expect(defined(read)).toEqual(defined(header));
    }
  });

  it("of direct mail, the outer one is the same bytes whatever the type, urgency, times, action and languages", () => {
    const dice = makeDice("outside");
    const spellings = ways.flatMap(([type, scope]) => {
      if (scope !== "DIRECT") return [];
      const header = headerOf(type, scope, drawWords(dice));
      return Buffer.from(encodeEnvelope({ ...makeOuterHeader(header), ...proofs })).toString("hex");
    });
    expect(spellings.length).toBeGreaterThan(60);
    expect(new Set(spellings).size).toBe(1);
  });
});

describe("a direct message's outer header", () => {
  const usual = { ...makeOuterHeader(headerOf("fiu.request", "DIRECT", drawWords(makeDice("usual")))), ...proofs };

  it("that is as all are is read", () => {
    expect(codeOf(() => parseEnvelope(encodeEnvelope(usual)))).toBe("no fault");
  });

  it.each([
    ["another urgency", { urgency: "FLASH" }], ["an end of its own", { expiresAt: createdAt + 86_400_000 }],
    ["an end a millisecond off", { expiresAt: createdAt + limits.maxLifetimeMs - 1 }], ["a beginning", { validFrom: createdAt }],
    ["an action", { action: "NEW" }], ["languages", { languages: ["fr"] }], ["a type", { type: "fiu.request" }], ["a version of its type", { typeVersion: 1 }],
    ["a thread", { threadId: id }], ["what it answers", { inReplyTo: id }], ["what it replaces", { supersedes: id }],
  ] as const)("that says %s is refused", (_what, change) => {
    expect(codeOf(() => parseEnvelope(encodeEnvelope({ ...usual, ...change })))).toBe("ENVELOPE_INVALID");
  });
}); // prettier-ignore
