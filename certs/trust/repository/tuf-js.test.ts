import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Updater } from "tuf-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  at,
  bareState,
  bundle,
  type Edit,
  editMetadata,
  makeRepository,
  put,
} from "../../../test/kit/repository.ts";
import { isFault, utf8 } from "../../../schemas/ground/index.ts";
import { draftTimestamp } from "../../authority/index.ts";
import type { SigningKey } from "../../keys/index.ts";
import { type RepositoryFiles, rolePath, timestampPath, verifyRegister } from "../index.ts";

/** The other client asks the machine's clock, so the repository is one of today. */
const day = 86_400_000;
const today = Date.now();
const made = makeRepository(today + 100 * day);
const { hands, parts, root, state, region } = made;
const ends = { snapshot: today + 9 * day, timestamp: today + 5 * day };
const first = made.seal(parts, ends);
const second = made.seal(region(state(first, bareState("ng"))), ends);
const targets = ["region.bin", "ng/part.bin", "gh/part.bin"];
const folder = mkdtempSync(join(tmpdir(), "tuf-js-"));

let served: RepositoryFiles = first;
let server: Server;
let base = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = served.get((request.url ?? "").slice(1));
    response.statusCode = file === undefined ? 404 : 200;
    response.end(file);
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

let clients = 0;

/** A client with a store of its own, which remembers as ours does. */
function makeClient(): () => Promise<readonly (number | undefined)[]> {
  clients += 1;
  const home = join(folder, String(clients));
  mkdirSync(join(home, "targets"), { recursive: true });
  writeFileSync(join(home, "root.json"), root);
  return async () => {
    const updater = new Updater({
      metadataDir: home,
      metadataBaseUrl: `${base}/metadata`,
      targetDir: join(home, "targets"),
      targetBaseUrl: `${base}/targets`,
      config: { fetchRetries: 0 },
    });
    await updater.refresh();
    const lengths: (number | undefined)[] = [];
    for (const target of targets) {
      const info = await updater.getTargetInfo(target);
      if (info !== undefined) await updater.downloadTarget(info, join(home, "targets", "content"));
      lengths.push(info?.length);
    }
    return lengths;
  };
}

/** What both say of a repository after each has held another. */
async function ask(
  files: RepositoryFiles,
  before: RepositoryFiles,
): Promise<{ ours: string; theirs: string }> {
  const client = makeClient();
  served = before;
  await client();
  served = files;
  let theirs = "accepted";
  try {
    await client();
  } catch {
    theirs = "refused";
  }
  try {
    const held = verifyRegister(bundle(before), { root });
    const view = verifyRegister(bundle(files), { root }, held);
    return { ours: view.trusted.flaws.length === 0 ? "accepted" : "spoilt", theirs };
  } catch (error) {
    if (isFault(error)) return { ours: "refused", theirs };
    throw error;
  }
}

/** The second epoch, one role of which says something else or is signed by others. */
function edited(role: string, edit: Edit, keys: readonly SigningKey[]): RepositoryFiles {
  const path = rolePath(role, role === "gh" ? 1 : 2);
  const before = new Map([...second].filter(([one]) => !one.includes("2.snapshot")));
  before.set(timestampPath, first.get(timestampPath)!);
  return made.seal(before.set(path, editMetadata(second.get(path)!, edit, keys)), ends);
}

function stamped(edit: Edit, keys = hands.timestamp.keys): RepositoryFiles {
  return new Map(second).set(timestampPath, editMetadata(second.get(timestampPath)!, edit, keys));
}

const same: Edit = () => undefined;
const { targets: registrars, ng, gh, root: roots } = hands;
const past = "2020-01-01T00:00:00Z";

function without(files: RepositoryFiles, path: string): RepositoryFiles {
  const less = new Map(files);
  less.delete(path);
  return less;
}

function withRoot(keys: readonly SigningKey[], edit: Edit = same): RepositoryFiles {
  const draft = made.nextRoot({});
  return put(second, { ...draft, metadata: editMetadata(draft.metadata, edit, []) }, keys);
}

describe("tuf-js reads our repository", () => {
  it("reaches the same versions, and every target", async () => {
    const client = makeClient();
    for (const files of [first, second, put(second, made.nextRoot({}), roots.keys)]) {
      served = files;
      const lengths = await client();
      expect(lengths.every((length) => length !== undefined)).toBe(true);
      expect(verifyRegister(bundle(files), { root }).trusted.flaws).toEqual([]);
    }
  });
});

/** What it is, how it is made, what we say, what they say, and what both held before. */
type Case = readonly [string, () => RepositoryFiles, string, string, RepositoryFiles?];

/** Repositories and what both clients say; where they differ, why ours is right for us. */
const cases: readonly Case[] = [
  ["the next epoch", () => second, "accepted", "accepted"],
  ["a new root, signed by enough", () => withRoot(roots.keys), "accepted", "accepted"],
  ["an older epoch than the one held", () => first, "refused", "refused", second],
  ["a timestamp that nobody signed", () => stamped(same, []), "refused", "refused"],
  ["a timestamp by another role's key", () => stamped(same, hands.snapshot.keys), "refused", "refused"],
  ["a snapshot that is missing", () => without(second, rolePath("snapshot", 2)), "refused", "refused"],
  ["a snapshot of another epoch", () => new Map(second).set(rolePath("snapshot", 2), first.get(rolePath("snapshot", 1))!), "refused", "refused"],
  ["a newer timestamp that names an older snapshot", () => put(second, draftTimestamp(new Map([...second].filter(([path]) => path !== rolePath("snapshot", 2))), ends.timestamp), hands.timestamp.keys), "refused", "refused", second],
  ["targets with too few signatures", () => edited("targets", same, registrars.keys.slice(0, 1)), "refused", "refused"],
  ["targets by other keys", () => edited("targets", same, roots.keys), "refused", "refused"],
  ["targets changed after they were named", () => new Map(second).set(rolePath("targets", 2), Buffer.concat([second.get(rolePath("targets", 2))!, utf8(" ")])), "refused", "refused"],
  ["a region's part that is missing", () => new Map([...second].filter(([path]) => !path.endsWith("region.bin"))), "refused", "refused"],
  ["a part's metadata that is missing", () => without(second, rolePath("ng", 2)), "refused", "refused"],
  ["a root that only strangers signed", () => withRoot(registrars.keys), "refused", "refused"],
  ["a root with too few signatures", () => withRoot(roots.keys.slice(0, 2)), "refused", "refused"],
  ["a root that skips a version", () => withRoot(roots.keys, (signed) => (signed["version"] = 3)), "refused", "refused"],
  ["two signatures of one key", () => { const path = rolePath("targets", 2); const file = JSON.parse(Buffer.from(second.get(path)!).toString()) as { signatures: object[] }; return resealed(path, JSON.stringify({ ...file, signatures: [file.signatures[0], file.signatures[0]] })); }, "refused", "refused"],
  ["a threshold of none", () => edited("targets", (signed) => (at(signed, "delegations", "roles", "0")["threshold"] = 0), registrars.keys), "refused", "refused"],
  ["a number that is not whole", () => stamped((signed) => (signed["version"] = 2.5), []), "refused", "refused"],
  // one state's own doing: theirs refuses that target, ours leaves that part out or as it was
  ["a part by another state's key", () => edited("ng", same, gh.keys), "spoilt", "refused"],
  ["a part of another version", () => edited("ng", (signed) => (signed["version"] = 7), ng.keys), "spoilt", "refused"],
  // ours tells the end and takes what is newer; theirs refuses, and stays with what is older
  ["a timestamp past its time", () => stamped((signed) => (signed["expires"] = past)), "accepted", "refused"],
  ["targets past their time", () => edited("targets", (signed) => (signed["expires"] = past), registrars.keys), "accepted", "refused"],
  ["a part past its time", () => edited("ng", (signed) => (signed["expires"] = past), ng.keys), "accepted", "refused"],
  ["a root past its time", () => withRoot(roots.keys, (signed) => (signed["expires"] = past)), "accepted", "refused"],
  // ours is a closed profile: what it does not know could be read in two ways
  ["a member that no specification knows", () => edited("targets", (signed) => (signed["more"] = 1), registrars.keys), "refused", "accepted"],
  ["a folder that is not the state's own", () => edited("targets", (signed) => (at(signed, "delegations", "roles", "0")["paths"] = ["*/*"]), registrars.keys), "refused", "accepted"],
  ["a delegation that goes on", () => edited("targets", (signed) => (at(signed, "delegations", "roles", "0")["terminating"] = false), registrars.keys), "refused", "accepted"],
  ["a target of another's", () => edited("ng", (signed) => (at(signed, "targets")["gh/part.bin"] = at(signed, "targets")["ng/part.bin"]), ng.keys), "spoilt", "accepted"],
  ["a member given twice", () => resealed(rolePath("ng", 2), Buffer.from(second.get(rolePath("ng", 2))!).toString().replace('{"signatures"', '{"signatures":[],"signatures"')), "spoilt", "accepted"],
  // ours holds that one key has one name; theirs would count its votes by names
  ["one key under two names", () => edited("targets", twoNames, registrars.keys), "refused", "accepted"],
  // theirs keeps what it has and says nothing; ours says that somebody signed two
  ["another timestamp of the version held", () => put(first, draftTimestamp(without(first, timestampPath), today + 6 * day), hands.timestamp.keys), "refused", "accepted"],
]; // prettier-ignore

function resealed(path: string, text: string): RepositoryFiles {
  const before = new Map([...second].filter(([one]) => !one.includes("2.snapshot")));
  before.set(timestampPath, first.get(timestampPath)!);
  return made.seal(before.set(path, utf8(text)), ends);
}

function twoNames(signed: Parameters<Edit>[0]): void {
  const keys = at(signed, "delegations", "keys");
  const role = at(signed, "delegations", "roles", "0");
  const [keyid = ""] = role["keyids"] as readonly string[];
  keys["ab".repeat(32)] = keys[keyid];
  role["keyids"] = [keyid, "ab".repeat(32)];
}

describe("tuf-js and we judge alike", () => {
  const questions = cases.map(([name, make, ours, theirs, before = first]) => ({
    name,
    make,
    before,
    told: { ours, theirs },
  }));

  it.each(questions)("$name", async ({ make, before, told }) => {
    expect(await ask(make(), before)).toEqual(told);
  });
});
