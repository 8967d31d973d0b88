import { describe, expect, it } from "vitest";

import type { RegionalPart } from "../../schemas/index.ts";
import { utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import {
  checkQuorum,
  leafHash,
  makeCosigner,
  makeNoteSigner,
  renderCheckpoint,
  renderVerifierKey,
  type VerifierKey,
} from "../log/index.ts";
import { checkLogLines, readLogLines } from "./log-keys.ts";

type Lines = Pick<RegionalPart, "hubs" | "witnessing">;

const hub = "ecowas/hub";
const origin = `atumpan/${hub}`;
const log = makeNoteSigner(origin, noteKey("ed25519"));
const newer = makeNoteSigner(origin, noteKey("ed25519"));
const witness = (name: string) => makeCosigner(name, noteKey("ed25519"));
const [ng, ng2, gh, sn] = ["ng.example/w1", "ng.example/w2", "gh.example/w1", "sn.example/w1"].map(
  witness,
);

const day = 86_400_000;
const keyLine = (key: VerifierKey, from = 0, until?: number) => ({
  verifierKey: renderVerifierKey(key),
  from,
  ...(until === undefined ? {} : { until }),
});
const witnessLine = (agency: string, { verifierKey }: { verifierKey: VerifierKey }) => ({
  name: verifierKey.name,
  agency,
  keys: [keyLine(verifierKey)],
});
const witnesses = [
  witnessLine("ng/tcu", ng!),
  witnessLine("ng/fiu", ng2!),
  witnessLine("gh/tcu", gh!),
  witnessLine("sn/tcu", sn!),
];

function lines(change: Partial<Lines> = {}): Lines {
  const hubs = [
    {
      hub,
      urls: ["tls://hub.example:4222"],
      recs: ["ecowas"],
      log: { keys: [keyLine(log.verifierKey, 0, 10 * day), keyLine(newer.verifierKey, 9 * day)] },
    },
    { hub: "au/hub", urls: ["tls://hub.example:4222"], recs: ["au"] },
  ];
  return { hubs, witnessing: { witnesses, quorum: 2 }, ...change };
}

const textOfKeys = (keys: readonly VerifierKey[]): readonly string[] => keys.map(renderVerifierKey);

describe("what the register says of logs", () => {
  it("keys of a log follow each other, both count while they overlap, and a hub without them has no log", () => {
    const { logKeys } = readLogLines(lines());
    const [old, young] = textOfKeys([log.verifierKey, newer.verifierKey]);
    expect(textOfKeys(logKeys(hub, 8 * day))).toEqual([old]);
    expect(textOfKeys(logKeys(hub, 9 * day))).toEqual([old, young]);
    expect(textOfKeys(logKeys(hub, 10 * day))).toEqual([young]);
    expect([logKeys("au/hub", 0), logKeys("no/hub", 0)]).toEqual([[], []]);
  });

  it("says nothing of witnesses when nothing is said: nobody's word is asked", () => {
    const { witnesses: found, witnessQuorum, witnessPolicy } = readLogLines(lines({ witnessing: undefined }));
    expect([found(0), witnessQuorum]).toEqual([[], 0]);
    const text = renderCheckpoint({ origin, size: 1, root: leafHash(utf8("a")), extensions: [] });
    expect(checkQuorum({ text, signatures: [] }, witnessPolicy(0)).isMet).toBe(true);
  });

  it.each([
    [[ng!, gh!], true],
    [[gh!, sn!], true],
    [[ng!, ng2!], false],
    [[ng!, ng2!, sn!], true],
    [[sn!], false],
  ])("two states are needed, and the witnesses of one state are one voice (%#)", (by, isMet) => {
    const text = renderCheckpoint({ origin, size: 1, root: leafHash(utf8("a")), extensions: [] });
    const note = { text, signatures: by.map((one) => one.cosign(text, 0)) };
    expect(checkQuorum(note, readLogLines(lines()).witnessPolicy(0)).isMet).toBe(isMet);
  });

  it("a witness whose key has ended counts no more, and no fewer are needed", () => {
    const ended = witnesses.map((one) => ({ ...one, keys: one.keys.map((key) => ({ ...key, until: one.agency.startsWith("gh") ? day : 9 * day })) }));
    const view = readLogLines(lines({ witnessing: { witnesses: ended, quorum: 3 } }));
    const text = renderCheckpoint({ origin, size: 1, root: leafHash(utf8("a")), extensions: [] });
    const note = { text, signatures: [ng!, gh!, sn!].map((one) => one.cosign(text, 0)) };
    expect(view.witnesses(day).map(({ agency }) => agency)).toEqual(["ng/tcu", "ng/fiu", "sn/tcu"]);
    expect(checkQuorum(note, view.witnessPolicy(0)).isMet).toBe(true);
    expect(checkQuorum(note, view.witnessPolicy(day))).toMatchObject({ isMet: false });
    expect(checkQuorum(note, view.witnessPolicy(9 * day))).toMatchObject({ isMet: false, by: [] });
  });

  const keysOfHub = (...keys: readonly { verifierKey: string; from: number }[]): Partial<Lines> => ({ hubs: [{ hub, urls: [], recs: [], log: { keys } }] });
  const asked = (quorum: number, ...some: (typeof witnesses)[number][]): Partial<Lines> => ({ witnessing: { witnesses: some, quorum } });
  const [first, second, third] = witnesses;
  const shared = noteKey("ed25519");
  it.each<[string, Partial<Lines>, string]>([
    ["as they are", {}, "accepted"],
    ["without a log and witnesses", { hubs: [], witnessing: undefined }, "accepted"],
    ["with a witness of two keys, one after the other", asked(1, { ...third!, keys: [keyLine(gh!.verifierKey, 0, day), keyLine(witness("gh.example/w1").verifierKey, day)] }), "accepted"],
    ["with a key that is none", keysOfHub({ verifierKey: "no key", from: 0 }), "REGISTER_INVALID"],
    ["with a key whose id does not fit", keysOfHub({ verifierKey: renderVerifierKey(log.verifierKey).replace(/\+[0-9a-f]{8}\+/, "+00000000+"), from: 0 }), "REGISTER_INVALID"],
    ["with a log's key in another's name", keysOfHub(keyLine(makeNoteSigner("atumpan/au/hub", noteKey("ed25519")).verifierKey)), "REGISTER_INVALID"],
    ["with a log's key for cosignatures", keysOfHub(keyLine(makeCosigner(origin, noteKey("ed25519")).verifierKey)), "REGISTER_INVALID"],
    ["with a witness's key in another's name", asked(1, { ...first!, name: "another" }), "REGISTER_INVALID"],
    ["with a witness's key that is none", asked(1, { ...first!, keys: [{ verifierKey: "a+b", from: 0 }] }), "REGISTER_INVALID"],
    ["with a witness's key that is a log's", asked(1, { ...first!, name: origin, keys: [keyLine(log.verifierKey)] }), "REGISTER_INVALID"],
    ["with a witness twice", asked(1, first!, first!), "REGISTER_INVALID"],
    ["with one key for two witnesses, though at other times", asked(1, witnessLine("ng/tcu", makeCosigner("one", shared)), { ...witnessLine("gh/tcu", makeCosigner("two", shared)), keys: [keyLine(makeCosigner("two", shared).verifierKey, day)] }), "REGISTER_INVALID"],
    ["with a log that began anew under its own name", keysOfHub(keyLine(makeNoteSigner(`${origin}/2`, noteKey("ed25519")).verifierKey)), "accepted"],
    ["with a name that only begins like the hub's", keysOfHub(keyLine(makeNoteSigner(`${origin}2`, noteKey("ed25519")).verifierKey)), "REGISTER_INVALID"],
    ["with a quorum of more states than have witnesses", asked(2, first!, second!), "REGISTER_INVALID"],
    ["with a quorum of witnesses that are not there", asked(1), "REGISTER_INVALID"],
  ])("lines %s: %s", (_, change, code) => {
    expect(codeOf(() => checkLogLines(lines(change)))).toBe(code);
  });
}); // prettier-ignore
