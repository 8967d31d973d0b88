import { describe, expect, it } from "vitest";

import { Fault, utf8 } from "../../schemas/ground/index.ts";
import { descriptors } from "../../schemas/gen/index.ts";
import { codecOf, makeFullMessage } from "./full-message.ts";
import { Broken } from "./promises.ts";
import { holdShown, holdShownEverywhere } from "./shown.ts";
import { checkedSilently } from "./silence.ts";
import { findExample, makeFullest } from "./whole-messages.ts";
import { parseBody } from "../../schemas/index.ts";

describe("a fault that repeats what was sent", () => {
  const sent = { names: [{ full: "Aminata Traoré" }] };

  it.each<[string, (value: unknown) => never]>([
    ["in its detail", (value) => { throw new Fault("ID_INVALID", `${JSON.stringify(value)} is wrong`); }],
    ["in a violation", (value) => {
      const message = `not ${(value as typeof sent).names[0]?.full}`;
      throw new Fault("SCHEMA_INVALID", "wrong", { violations: [{ path: "/names", code: "SCHEMA_INVALID", message }] });
    }],
  ])("is found %s", (_, check) => {
    expect(() => checkedSilently(sent, check)).toThrow(Broken);
  }); // prettier-ignore

  it("is none when the words are ours and stand in what was sent by chance", () => {
    const check = (): never => {
      throw new Fault("ID_INVALID", "full is not Aminata Traoré");
    };
    expect(() => checkedSilently(sent, check)).toThrow(Fault);
  });

  it("is found when the name of a member is repeated that no field could have", () => {
    const check = (value: unknown): never => {
      throw new Fault("ID_INVALID", Object.keys(value as object).join());
    };
    expect(() => checkedSilently({ "Aminata Traoré": 1 }, check)).toThrow(Broken);
    expect(() => checkedSilently({ aminata: 1 }, check)).toThrow(Fault);
  });

  it("what passes its check is given back", () => {
    expect(checkedSilently(sent, () => 7)).toBe(7);
  });
});

describe("what is shown to people", () => {
  const base = findExample("alert.incident")!;
  const narrative = (text: string): object => ({
    ...parseBody("alert.incident", base.body),
    narrative: { text, lang: "en", marks: [] },
  });

  it("is held to be plain in all six languages", () => {
    const body = parseBody("alert.incident", makeFullest(base).body);
    expect(() => holdShownEverywhere({ type: "alert.incident", body })).not.toThrow();
  });

  it("words that turn the direction of ours are found", () => {
    const message = { type: "alert.incident", body: narrative("over \u202e here") } as const;
    expect(() => holdShownEverywhere(message)).toThrow("direction");
    const everyTurn = Array.from({ length: 40 }, (_, i) => utf8(`${i}`));
    for (const input of everyTurn) expect(() => holdShown(message, input)).toThrow(Broken);
  });
});

describe("a full message", () => {
  it("of every name is encoded, and short enough to be an input", () => {
    for (const name of Object.keys(descriptors)) {
      const { length } = codecOf(name).encode(makeFullMessage(name));
      expect(length).toBeLessThan(32 * 1024);
    }
  });

  it("has every field of its type at every depth", () => {
    const empty: string[] = [];
    const walk = (name: string, value: Record<string, unknown>): void => {
      for (const { name: field, message } of descriptors[name]!.fields) {
        const held = [value[field]].flat();
        if (held.length === 0 || held.includes(undefined)) empty.push(`${name}.${field}`);
        if (message === undefined) continue;
        for (const one of held) walk(message, one as Record<string, unknown>);
      }
    };
    for (const name of ["AlertIncident", "FiuReport", "InnerHeader"])
      walk(name, makeFullMessage(name));
    expect(empty).toEqual([]);
  });

  it("the fullest good message has more fields than the example it began with", () => {
    const example = findExample("alert.incident")!;
    const { body } = makeFullest(example);
    expect(Object.keys(body).length).toBeGreaterThan(Object.keys(example.body).length);
  });
});
