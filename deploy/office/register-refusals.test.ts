import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  agree,
  beginRegion,
  beginState,
  editRegion,
  makeRegisterDesk,
  type RegisterDesk,
  signRole,
  storyLine as line,
  storyOfficers,
} from "../../test/kit/register-office.ts";

let desk: RegisterDesk;
let base = "";
const good: RegisterDesk["good"] = (words) => desk.good(words);
const refused: RegisterDesk["refused"] = (words) => desk.refused(words);
const edit: RegisterDesk["edit"] = (office, part, change) => desk.edit(office, part, change);
const sign = (...told: readonly [string, string, string]): Promise<string> => signRole(desk, told);
const agencyOf = (agency: string): object => ({ agency, kind: "TCU" });

beforeAll(async () => {
  desk = await makeRegisterDesk();
  ({ base } = desk);
  await beginRegion(desk);
  for (const at of [1, 2, 3]) await sign("region", "root", `root-${at}.key`);
  await agree(desk, { office: "region", by: storyOfficers.region }, await editRegion(desk));
  for (const at of [1, 2]) await sign("region", "targets", `registrar-${at}.key`);
  await good("publish --folder region --key snapshot.key timestamp.key");
  await good("export stick-old --folder region");
  await beginState(desk, "gh");
  const file = await edit(
    "gh",
    "gh",
    (content) => (content.state["agencies"] = [agencyOf("gh/tcu"), agencyOf("gh/fiu")]),
  );
  await agree(desk, { office: "gh", by: storyOfficers.gh }, file);
  for (const at of [1, 3]) await sign("gh", "gh", `gh-${at}.key`);
});

afterAll(() => desk.stop());

describe("what an officer may do wrong is refused, and changes nothing", () => {
  const suspend = (): Promise<string> => edit("gh", "gh", (content) => (content.state["agencies"] = [agencyOf("gh/tcu")]));

  it("nobody accepts his own proposal, and no stranger proposes or accepts", async () => {
    const file = await suspend();
    expect(await refused(`propose ${file} --folder gh --as ama.key --reason "not mine"`)).toEqual([4, "CHANGE_NOT_PERMITTED"]);
    await good(`propose ${file} --folder gh --as esi.key --reason "FIU leaves"`);
    expect(await refused("accept gh --folder gh --as esi.key --yes")).toEqual([4, "CHANGE_NOT_PERMITTED"]);
    expect(await refused("accept gh --folder gh --as kwame.key --yes")).toEqual([4, "CHANGE_NOT_PERMITTED"]);
    expect(await refused("sign --folder gh --role gh --key gh-1.key --yes")).toEqual([6, "CHANGE_NOT_ACCEPTED"]);
    expect(await refused(`propose ${file} --folder gh --as yaw.key --reason "me too"`)).toEqual([6, "CHANGE_OUTDATED"]);
  });

  it("who is asked and does not say yes has signed nothing", async () => {
    desk.answer("well");
    expect(await refused("accept gh --folder gh --as yaw.key")).toEqual([6, "CEREMONY_REFUSED"]);
    desk.answer("yes");
    await good("accept gh --folder gh --as yaw.key");
    expect(await refused("accept gh --folder gh --as yaw.key --yes")).toEqual([4, "CHANGE_NOT_PERMITTED"]);
  });

  it("what was changed after it was accepted is signed by nobody", async () => {
    const path = join(base, "gh/pending/gh.json");
    const whole = readFileSync(path, "utf8");
    for (const forged of [whole.replace("FIU leaves", "FIU stays!"), whole.replace('"gh/tcu"', '"gh/spy"'), whole.replace('"days": 365', '"days": 3650')]) {
      expect(forged).not.toBe(whole);
      writeFileSync(path, forged);
      expect(await refused("sign --folder gh --role gh --key gh-1.key --yes")).toEqual([6, "CHANGE_NOT_ACCEPTED"]);
    }
    const other = JSON.parse(whole) as { accepted: { signature: string }; signature: string };
    writeFileSync(path, JSON.stringify({ ...other, accepted: { ...other.accepted, signature: other.signature } }));
    expect(await refused("sign --folder gh --role gh --key gh-1.key --yes")).toEqual([6, "CHANGE_NOT_ACCEPTED"]);
    writeFileSync(path, "{}");
    expect(await refused("diff gh --folder gh")).toEqual([3, "CHANGE_INVALID"]);
    writeFileSync(path, whole);
  });

  it("what was signed is what was accepted, and not other metadata in the same file", async () => {
    await sign("gh", "gh", "gh-1.key");
    const path = join(base, "gh/pending/gh.json");
    const whole = JSON.parse(readFileSync(path, "utf8")) as { metadata: string };
    writeFileSync(path, JSON.stringify({ ...whole, metadata: whole.metadata.replace(/"expires":"\d{4}/, '"expires":"2099') }));
    expect(await refused("sign --folder gh --role gh --key gh-2.key --yes")).toEqual([3, "CHANGE_INVALID"]);
    writeFileSync(path, JSON.stringify(whole));
    await sign("gh", "gh", "gh-2.key");
  });

  it("a change made on a version that is no longer the newest is refused", async () => {
    const file = await edit("gh", "gh", () => undefined);
    const held = JSON.parse(desk.read(file)) as { base: number };
    writeFileSync(join(base, file), JSON.stringify({ ...held, base: held.base - 1 }));
    expect(await refused(`propose ${file} --folder gh --as esi.key --reason "late"`)).toEqual([6, "CHANGE_OUTDATED"]);
  });

  it.each([
    ["a type that does not exist", (state: Record<string, unknown>): unknown => (state["nominations"] = [{ ...line, agency: "gh/tcu", types: ["alret.*"] }]), "CHANGE_INVALID"],
    ["a crime that does not exist", (state: Record<string, unknown>): unknown => (state["nominations"] = [{ ...line, agency: "gh/tcu", crimes: ["drugz"] }]), "CHANGE_INVALID"],
    ["an agency of another state", (state: Record<string, unknown>): unknown => (state["agencies"] = [agencyOf("ng/tcu")]), "CHANGE_INVALID"],
    ["an agency that stands twice", (state: Record<string, unknown>): unknown => (state["agencies"] = [agencyOf("gh/tcu"), agencyOf("gh/tcu")]), "CHANGE_INVALID"],
    ["another state's part", (state: Record<string, unknown>): unknown => (state["authority"] = "ng"), "CHANGE_INVALID"],
    ["a handling code that does not exist", (state: Record<string, unknown>): unknown => (state["nominations"] = [{ ...line, agency: "gh/tcu", handlingUpTo: "H9" }]), "SCHEMA_INVALID"],
    ["a field that does not exist", (state: Record<string, unknown>): unknown => (state["agents"] = []), "SCHEMA_INVALID"],
  ] as const)("%s is refused before anybody is asked", async (...[, change, fault]) => {
    const file = await edit("gh", "gh", (content) => change(content.state));
    expect(await refused(`propose ${file} --folder gh --as esi.key --reason "a slip"`)).toEqual([3, fault]);
    expect(await good("show --folder gh")).toContain("Nothing is pending");
  });

  it.each([
    ["an unknown command", "unknown", 2, "USAGE_INVALID"],
    ["a folder that is no office", "show --folder nowhere", 2, "USAGE_INVALID"],
    ["an office begun twice", 'init --folder gh --office gh --officer "Esi Owusu=esi.key.pub" --officer "Yaw Darko=yaw.key.pub" --register region/register.bin --root region/root.json', 2, "USAGE_INVALID"],
    ["an office of one person", 'init --folder x --office gh --officer "Esi Owusu=esi.key.pub" --register region/register.bin --root region/root.json', 3, "CHANGE_INVALID"],
    ["one person under two spellings", 'init --folder x --office gh --officer "Esi Owusu=esi.key.pub" --officer "esi  OWUSU=yaw.key.pub" --register region/register.bin --root region/root.json', 3, "CHANGE_INVALID"],
    ["one key for two", 'init --folder x --office gh --officer "Esi Owusu=esi.key.pub" --officer "Yaw Darko=esi.key.pub" --register region/register.bin --root region/root.json', 3, "CHANGE_INVALID"],
    ["a private key in the place of a public one", 'init --folder x --office gh --officer "Esi Owusu=esi.key" --officer "Yaw Darko=yaw.key.pub" --register region/register.bin --root region/root.json', 2, "USAGE_INVALID"],
    ["a key file that is there", "key make esi.key", 1, "KEY_UNUSABLE"],
    ["a role that publish signs", "sign --folder region --role snapshot --key snapshot.key --yes", 2, "USAGE_INVALID"],
    ["a part where nothing is pending", "sign --folder gh --role gh --key gh-1.key --yes", 5, "NOT_FOUND"],
    ["a withdrawal of nothing", "withdraw gh --folder gh", 5, "NOT_FOUND"],
    ["keys that may not publish", "publish --folder region --key esi.key", 4, "CHANGE_NOT_PERMITTED"],
    ["an import of what is older", "import stick-old --folder region", 6, "CHANGE_OUTDATED"],
    ["a threshold that cannot be reached", "rotate --folder region --role targets --threshold 9", 3, "CHANGE_INVALID"],
    ["a rotation of nothing", "rotate --folder region --role targets", 2, "USAGE_INVALID"],
    ["an authority's rotation without an officer", "rotate --folder region --role ng --add kwame.key.pub", 2, "USAGE_INVALID"],
    ["a language that is not ours", "diff --folder gh --lang de", 2, "USAGE_INVALID"],
    ["a part of another office", 'propose edit-1.json --folder gh --as esi.key --reason "not ours"', 4, "CHANGE_NOT_PERMITTED"],
  ])("%s is refused with a sentence, a code and an exit code", async (...[, words, code, fault]) => {
    expect(await refused(words)).toEqual([code, fault]);
  });

  it("an edited file brings in certificates and public keys by their names, and no private key", async () => {
    const withKey = (name: string): Promise<string> =>
      edit("region", "region", (content) => content.delegations[0]?.keys.push(name));
    for (const name of ["@gh-1.key", "@nowhere.pub", "@gh/officers.json"]) {
      const [code, fault] = await refused(`propose ${await withKey(name)} --folder region --as ama.key --reason "by name"`);
      expect([code, fault]).toEqual(name === "@nowhere.pub" ? [2, "USAGE_INVALID"] : [3, "CHANGE_INVALID"]);
    }
    expect(await good(`propose ${await withKey("@kwame.key.pub")} --folder region --as ama.key --reason "by name"`)).toContain("The part of ");
    expect(await good("withdraw region --folder region")).toContain("is withdrawn");
    expect(await good("show --folder region")).toContain("Nothing is pending");
  });

  describe("the log of a hub and those who watch it", () => {
    const { from } = line;
    const hub = { hub: "gh/hub", urls: ["tls://hub.example:4222"], recs: ["ecowas"] };
    const keyOf = async (words: string): Promise<string> => (await good(`key verifier ${words}`)).trim();
    const withLines = (key: string, witnesses: readonly object[], quorum: number): Promise<string> =>
      edit("region", "region", (content) => {
        content.region["hubs"] = [{ ...hub, log: { keys: [{ verifierKey: key, from }] } }];
        content.region["witnessing"] = { witnesses, quorum };
      });
    const propose = (file: string): string => `propose ${file} --folder region --as ama.key --reason "a log"`;
    let [own, one, two] = ["", "", ""];

    beforeAll(async () => {
      for (const name of ["log", "w1", "w2"]) await good(`key make ${name}.key --kind Ed25519`);
      own = await keyOf("log.key atumpan/gh/hub");
      [one, two] = [await keyOf("w1.key w1.example --witness"), await keyOf("w2.key w2.example --witness")];
    });

    const witness = (name: string, agency: string, key: string): object => ({ name, agency, keys: [{ verifierKey: key, from }] });

    it("is changed as everything is: told in words, accepted by another, signed by registrars, shown", async () => {
      const file = await withLines(own, [witness("w1.example", "ng/tcu", one), witness("w2.example", "gh/fiu", two)], 2);
      const told = await agree(desk, { office: "region", by: storyOfficers.region }, file);
      expect(told).toContain("The log of gh/hub gets a key");
      expect(told).toContain("Witnesses of 2 of 2 authorities must have seen a log before it is relied on");
      for (const at of [1, 2]) await sign("region", "targets", `registrar-${at}.key`);
      await good("publish --folder region --key snapshot.key timestamp.key");
      const shown = await good("show --folder region");
      expect(shown).toContain(`gh/hub: its log is verified by ${own}`);
      expect(shown).toContain("Witnesses of 2 authorities must have seen a log: w1.example, run by ng/tcu; w2.example, run by gh/fiu");
      const result = JSON.parse(await good("show --folder region --json")) as object;
      expect(result).toMatchObject({ logs: [{ hub: "gh/hub", verifierKeys: [own] }], witnessQuorum: 2 });
      expect(await good("show --folder region --part region")).toContain(`"verifierKey": "${one}"`);
    });

    it.each<[string, () => Promise<string>]>([
      ["a key that is none", () => withLines("none", [], 0)],
      ["a key of another hub's log", async () => withLines(await keyOf("log.key atumpan/ng/hub"), [], 0)],
      ["the key of a witness for a log's", async () => withLines(await keyOf("log.key atumpan/gh/hub --witness"), [], 0)],
      ["more states than have witnesses", () => withLines(own, [witness("w1.example", "ng/tcu", one), witness("w2.example", "ng/fiu", two)], 2)],
      ["a witness under another's name", () => withLines(own, [witness("w2.example", "ng/tcu", one)], 1)],
      ["one key for two witnesses", async () => withLines(own, [witness("w1.example", "ng/tcu", one), witness("w3", "gh/tcu", await keyOf("w1.key w3 --witness"))], 2)],
    ])("%s is refused before anybody is asked", async (_, make) => {
      expect(await refused(propose(await make()))).toEqual([3, "CHANGE_INVALID"]);
      expect(await good("show --folder region")).toContain("Nothing is pending");
    });

    it("a key of another kind has no such line, nor has a name with spaces", async () => {
      expect(await refused("key verifier esi.key atumpan/gh/hub")).toEqual([1, "KEY_UNUSABLE"]);
      expect(await refused('key verifier log.key "two words"')).toEqual([3, "LOG_NOTE_INVALID"]);
    });
  });

  it("a spoilt folder is noticed", async () => {
    const added = await edit("gh", "officers", ({ officers }) =>
      officers.push({ name: "Kwame Asare", key: desk.keyOf("kwame.key") }),
    );
    await agree(desk, { office: "gh", part: "officers", by: storyOfficers.gh }, added);
    const file = join(base, "gh/officers.json");
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, whole.replaceAll("Yaw Darko", "Yaw Other"));
    expect((await refused("verify --folder gh"))[1]).toBe("CHANGE_NOT_ACCEPTED");
    writeFileSync(file, whole);
    const root = readFileSync(join(base, "gh/root.json"));
    writeFileSync(join(base, "gh/root.json"), readFileSync(join(base, "region/metadata/1.targets.json")));
    expect(await refused("verify --folder gh")).toEqual([8, "REGISTER_FORKED"]);
    writeFileSync(join(base, "gh/root.json"), root);
    await good("verify --folder gh --json");
  });
}); // prettier-ignore
