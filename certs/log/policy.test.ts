import { describe, expect, it } from "vitest";

import { noteKey } from "../../test/kit/note-key.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { utf8 } from "../../schemas/ground/index.ts";
import { renderCheckpoint } from "./checkpoint.ts";
import { leafHash } from "./node-hash.ts";
import { checkPolicy, makeQuorumPolicy, type QuorumPolicy } from "./policy.ts";
import { checkQuorum } from "./quorum.ts";
import { parsePolicy, renderPolicy } from "./policy-file.ts";
import { type Cosigner, makeCosigner, makeNoteSigner } from "./signer.ts";
import { renderVerifierKey } from "./verifier-key.ts";

const log = makeNoteSigner("hub.example/log", noteKey("ed25519"));
const text = renderCheckpoint({
  origin: "hub.example/log",
  size: 7,
  root: leafHash(utf8("root")),
  extensions: [],
});
const at = Date.UTC(2026, 5, 1);
const cosigners = new Map(
  ["X1", "X2", "X3", "Y1", "Y2"].map((name) => [
    name,
    makeCosigner(`${name}.example`, noteKey("ed25519")),
  ]),
);
const witnesses = [...cosigners].map(([name, { verifierKey }]) => ({ name, keys: [verifierKey] }));

// two of three of one house, and one of two of another
const policy: QuorumPolicy = {
  witnesses,
  groups: [
    { name: "X", needed: 2, members: ["X1", "X2", "X3"] },
    { name: "Y", needed: 1, members: ["Y1", "Y2"] },
    { name: "both", needed: 2, members: ["X", "Y"] },
  ],
  quorum: "both",
};

function ask(rule: QuorumPolicy, ...names: readonly string[]): ReturnType<typeof checkQuorum> {
  const lines = names.map((name) => cosigners.get(name)!.cosign(text, at));
  return checkQuorum({ text, signatures: [log.sign(text), ...lines] }, rule);
}

describe("a quorum of witnesses", () => {
  it.each([
    [["X1", "X2", "Y1"], true],
    [["X1", "X3", "Y2"], true],
    [["X1", "X2", "X3", "Y1", "Y2"], true],
    [["X1", "Y1", "Y2"], false],
    [["X1", "X2", "X3"], false],
    [["Y1", "Y2"], false],
    [[], false],
  ])("two of three and one of two: %j is enough: %j", (names, isMet) => {
    const answer = ask(policy, ...names);
    expect(answer.isMet).toBe(isMet);
    expect([...answer.by, ...answer.missing].toSorted()).toEqual([...cosigners.keys()].toSorted());
    expect(answer.by).toEqual(names);
  });

  it("a witness who signs twice, or with two keys of his, counts once", () => {
    const twice: Cosigner = makeCosigner("X1.example", noteKey("ml-dsa-44"));
    const [first, ...others] = witnesses;
    const rule = makeQuorumPolicy([{ ...first!, keys: [...first!.keys, twice.verifierKey] }, ...others], 2);
    const lines = [cosigners.get("X1")!.cosign(text, at), cosigners.get("X1")!.cosign(text, at + 5000), twice.cosign(text, at)];
    const note = { text, signatures: lines };
    expect(checkQuorum(note, rule)).toMatchObject({ isMet: false, by: ["X1"] });
    expect(checkQuorum({ text, signatures: lines.slice(2) }, rule).by).toEqual(["X1"]);
  }); // prettier-ignore

  it("who is not in the rule counts for nothing; who is and did not sign spoils the note", () => {
    const stranger = makeCosigner("stranger.example", noteKey("ed25519"));
    const rule = makeQuorumPolicy(witnesses, 1);
    expect(checkQuorum({ text, signatures: [stranger.cosign(text, at)] }, rule).isMet).toBe(false);
    const line = cosigners.get("X1")!.cosign(text, at);
    const forged = { ...line, signature: stranger.cosign(text, at).signature };
    expect(codeOf(() => checkQuorum({ text, signatures: [forged] }, rule))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  it("of nobody is met by nothing", () => {
    expect(ask(makeQuorumPolicy([], 0))).toEqual({ isMet: true, by: [], missing: [] });
    expect(ask(makeQuorumPolicy(witnesses, 0)).isMet).toBe(true);
  });

  it("one whose keys have ended is missing, and the rule asks for no fewer", () => {
    const [first, second] = witnesses;
    const rule = makeQuorumPolicy([first!, { ...second!, keys: [] }], 2);
    expect(ask(rule, "X1", "X2")).toEqual({ isMet: false, by: ["X1"], missing: ["X2"] });
  });

  const [one, two] = witnesses;
  const group = (members: readonly string[], needed = 1) => ({ name: "G", needed, members });
  const rule = (change: Partial<QuorumPolicy>): QuorumPolicy => ({
    witnesses: [one!, two!],
    groups: [group(["X1", "X2"])],
    quorum: "G",
    ...change,
  });
  it.each<[string, QuorumPolicy]>([
    ["that names somebody unknown", rule({ quorum: "Z" })],
    ["of a group that needs more than it has", rule({ groups: [group(["X1", "X2"], 3)] })],
    ["of a group that needs none", rule({ groups: [group(["X1", "X2"], 0)] })],
    ["of a group that needs one and a half", rule({ groups: [group(["X1", "X2"], 1.5)] })],
    ["of a group of nobody", rule({ groups: [group([])] })],
    ["of a group with a member twice", rule({ groups: [group(["X1", "X1"], 2)] })],
    ["of a group in itself", rule({ groups: [group(["G"])] })],
    ["of a group with one unknown", rule({ groups: [group(["X1", "Z"])] })],
    [
      "with one in two groups",
      rule({ groups: [group(["X1"]), { name: "H", needed: 1, members: ["X1"] }] }),
    ],
    ["with two of one name", rule({ witnesses: [one!, { ...two!, name: "X1" }] })],
    ["with one called none", rule({ witnesses: [one!, { ...two!, name: "none" }] })],
    ["with one key twice", rule({ witnesses: [one!, { ...one!, name: "X2" }] })],
    [
      "with a log's key for a witness",
      rule({ witnesses: [one!, { name: "X2", keys: [log.verifierKey] }] }),
    ],
    [
      "of 65 names",
      rule({ groups: Array.from({ length: 63 }, (_, i) => ({ ...group(["X1"]), name: `G${i}` })) }),
    ],
  ])("%s is refused", (_, wrong) => {
    expect(codeOf(() => checkPolicy(wrong))).toBe("LOG_POLICY_INVALID");
  });

  it("of more than there are is not made", () => {
    expect(codeOf(() => makeQuorumPolicy(witnesses, 6))).toBe("LOG_POLICY_INVALID");
    expect(codeOf(() => makeQuorumPolicy(witnesses, -1))).toBe("LOG_POLICY_INVALID");
  });
});

describe("a policy file", () => {
  const key = (name: string): string => renderVerifierKey(cosigners.get(name)!.verifierKey);
  const file = `# who is believed
log ${renderVerifierKey(log.verifierKey)} https://hub.example/log

witness X1 ${key("X1")}
 \twitness X2 ${key("X2")} https://x2.example
witness Y1 ${key("Y1")}
group X all X1 X2
group both any X Y1
quorum both
`;

  it("says whose logs and whose witnesses are enough", () => {
    const { logs, policy: read } = parsePolicy(utf8(file));
    expect(logs.map(({ name }) => name)).toEqual(["hub.example/log"]);
    expect(read.groups.map(({ needed }) => needed)).toEqual([2, 1]);
    expect([ask(read, "X1", "X2").isMet, ask(read, "Y1").isMet, ask(read, "X2").isMet]).toEqual([true, true, false]);
  }); // prettier-ignore

  it("comes back as it was written, a witness of two keys as a group of any of them", () => {
    const read = parsePolicy(utf8(file));
    expect(parsePolicy(renderPolicy(read))).toEqual(read);
    const second = makeCosigner("X1.example", noteKey("ml-dsa-44")).verifierKey;
    const rule = makeQuorumPolicy([{ name: "X1", keys: [...witnesses[0]!.keys, second] }, witnesses[1]!], 2);
    const again = parsePolicy(renderPolicy({ logs: [], policy: rule })).policy;
    expect([ask(again, "X1", "X2").isMet, ask(again, "X1").isMet]).toEqual([true, false]);
    expect(parsePolicy(utf8("quorum none\n")).policy.quorum).toBeUndefined();
  }); // prettier-ignore

  it.each([
    ["without a quorum", file.replace("quorum both\n", "")],
    ["with two quorums", `${file}quorum none\n`],
    ["with a quorum that is defined later", file.replace("group both any X Y1\nquorum both\n", "quorum both\ngroup both any X Y1\n")],
    ["with a member that is defined later", file.replace("group X all X1 X2\ngroup both any X Y1\n", "group both any X Y1\ngroup X all X1 X2\n")],
    ["with a group of nobody", file.replace("group X all X1 X2", "group X all")],
    ["with a group of too many", file.replace("group X all X1 X2", "group X 3 X1 X2")],
    ["with a threshold with a zero before it", file.replace("group X all X1 X2", "group X 01 X1 X2")],
    ["with a word too many", file.replace("quorum both", "quorum both X1")],
    ["with a key that is none", file.replace(key("Y1"), "none")],
    ["with a log twice", `log ${renderVerifierKey(log.verifierKey)}\n${file}`],
    ["with a witness twice", file.replace("group X ", `witness X9 ${key("X1")}\ngroup X `)],
    ["with a line of another word", `constructor a\n${file}`],
    ["with a carriage return", file.replaceAll("\n", "\r\n")],
    ["without its last newline", file.slice(0, -1)],
    ["with two addresses", file.replace("https://hub.example/log", "a b")],
    ["with 401 lines", `${"#\n".repeat(401)}quorum none\n`],
    ["of nothing", ""],
  ])("%s is refused", (_, changed) => {
    expect(changed).not.toBe(file);
    expect(codeOf(() => parsePolicy(utf8(changed)))).toBe("LOG_POLICY_INVALID");
  });

  it("that is no UTF-8 or over all lengths is refused, and a name that could not be read back is not written", () => {
    expect(codeOf(() => parsePolicy(Buffer.concat([utf8(file), Buffer.of(0x23, 0xff, 0x0a)])))).toBe("LOG_POLICY_INVALID");
    expect(codeOf(() => parsePolicy(Buffer.alloc(262_145, 0x23)))).toBe("LOG_POLICY_INVALID");
    const spaced = makeQuorumPolicy([{ ...witnesses[0]!, name: "two words" }], 1);
    expect(codeOf(() => renderPolicy({ logs: [], policy: spaced }))).toBe("LOG_POLICY_INVALID");
    const keyless = makeQuorumPolicy([{ ...witnesses[0]!, keys: [] }], 1);
    expect(codeOf(() => renderPolicy({ logs: [], policy: keyless }))).toBe("LOG_POLICY_INVALID");
  });
}); // prettier-ignore
