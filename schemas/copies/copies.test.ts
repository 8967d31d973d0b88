import { describe, expect, it } from "vitest";

import { makeHeld } from "../../test/kit/held-message.ts";
import { bodyMessageName, parseBody, parseInnerHeader, renderInstant } from "../body/index.ts";
import { exampleInstant, exampleOf } from "../examples/index.ts";
import { descriptors } from "../gen/index.ts";
import { isFault } from "../ground/index.ts";
import {
  decodeMessage,
  decodeParts,
  type MessageType,
  messageTypes,
  typeOptions,
} from "../index.ts";
import { findPersonal } from "../rules/index.ts";
import { type CopyKind, copyKinds, isCopyKind, makeCopy, partsShown, readCopy } from "./index.ts";

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
  return "no fault";
}

const feeds = messageTypes.filter((type) => typeOptions(type)?.scope === "FEED");
const directs = messageTypes.filter((type) => typeOptions(type)?.scope === "DIRECT");

/** What a copy of an example shows is word for word what was written; what it withholds is not there in any form. */
function expectTrue(type: MessageType, kind: CopyKind): void {
  const held = makeHeld(type);
  const bytes = makeCopy(held, kind);
  const copy = readCopy(bytes);
  const whole = new Map<string, unknown>(Object.entries(parseBody(type, exampleOf(type).body)));
  const { fields } = descriptors[bodyMessageName(type)]!;
  expect(copy.type).toBe(type);
  for (const { name, number, repeated, copies = [] } of fields) {
    const isShown = kind === "NOMINAL" || copies.includes(kind);
    const absent = repeated ? [] : undefined;
    expect([name, copy.body[name]]).toEqual([name, isShown ? whole.get(name) : absent]);
    if (isShown) expect(copy.withheld).not.toContain(number);
  }
  for (const { number, value, salt } of decodeParts(held.parts).parts) {
    if (!copy.withheld.includes(number)) continue;
    // the salt too: with it a short part could be guessed
    expect(Buffer.from(bytes).includes(Buffer.from(salt!))).toBe(false);
    if (value!.length > 4) expect(Buffer.from(bytes).includes(Buffer.from(value!))).toBe(false);
  }
}

describe("a copy of a feed's message", () => {
  it.each(feeds)(
    "%s: every kind shows what its schema names, as it was signed, and nothing else",
    (type) => {
      for (const kind of copyKinds) expectTrue(type, kind);
    },
  );

  it.each(feeds)(
    "T13, T30: %s for the region has nothing about a person, and no inner header",
    (type) => {
      const copy = readCopy(makeCopy(makeHeld(type), "REGIONAL"));
      expect(findPersonal(bodyMessageName(type), copy.body)).toEqual([]);
      expect(copy.inner).toBeUndefined();
      expect(copy.withheld).toContain(0);
    },
  );

  it.each(feeds)(
    "%s for a court or a defence has no inner header: the judgement of sources stands there",
    (type) => {
      for (const kind of ["COURT", "DEFENCE"] as const) {
        const { inner, withheld } = readCopy(makeCopy(makeHeld(type), kind));
        expect([inner, withheld.includes(0)]).toEqual([undefined, true]);
      }
    },
  );
});

describe("a copy of a direct message", () => {
  it.each(directs)(
    "%s: the nominal and the court's copy show what the schema names, and its type",
    (type) => {
      for (const kind of ["NOMINAL", "COURT"] as const) expectTrue(type, kind);
      const { inner } = readCopy(makeCopy(makeHeld(type), "COURT"));
      expect(inner?.type).toBe(type);
    },
  );

  it.each(directs)(
    "%s: one that hides its inner header cannot be made, for its type would be hidden",
    (type) => {
      for (const kind of ["REGIONAL", "DEFENCE"] as const) {
        expect(codeOf(() => makeCopy(makeHeld(type), kind))).toBe("COPY_NOT_POSSIBLE");
        expect(codeOf(() => partsShown(type, { kind, scope: "DIRECT" }))).toBe("COPY_NOT_POSSIBLE");
      }
    },
  );
});

describe("every copy", () => {
  it.each(messageTypes)("the nominal copy of %s is the whole message, byte for byte", (type) => {
    const held = makeHeld(type);
    const bytes = makeCopy(held, "NOMINAL");
    const copy = readCopy(bytes);
    expect(copy.withheld).toEqual([]);
    expect(Buffer.from(decodeMessage(bytes).open!).equals(Buffer.from(held.parts))).toBe(true);
    const { inner, crimes } = exampleOf(type);
    const { scope, urgency } = typeOptions(type)!;
    const words = { urgency, action: "NEW", expiresAt: renderInstant(exampleInstant + 86_400_000) };
    const own = scope === "FEED" ? {} : { type, typeVersion: 1, crimes, ...words };
    expect(copy.inner).toEqual(parseInnerHeader({ ...inner, ...own }));
  });

  it("bears the signer's envelope and signatures, byte for byte", () => {
    const held = makeHeld("alert.incident");
    const signed = decodeMessage(held.message);
    for (const kind of copyKinds) {
      const copy = readCopy(makeCopy(held, kind));
      expect(Buffer.from(copy.envelopeBytes).equals(Buffer.from(signed.envelope))).toBe(true);
      expect(copy.signatures).toEqual(signed.signatures);
    }
  });

  it("of a copy can withhold more, and never show more", () => {
    const held = makeHeld("alert.incident");
    const court = makeCopy(held, "COURT");
    const again = { message: court, parts: decodeMessage(court).open! };
    expect(readCopy(makeCopy(again, "COURT"))).toEqual(readCopy(court));
    const nominal = readCopy(makeCopy(again, "NOMINAL"));
    expect(nominal.withheld).toEqual(readCopy(court).withheld);
  });

  it("kinds are the codes of the list COPY, and no other word is one", () => {
    expect(copyKinds.every(isCopyKind)).toBe(true);
    for (const word of ["", "court", "COURTS", "toString", "__proto__"]) {
      expect(isCopyKind(word)).toBe(false);
    }
  });
});
