import { describe, expect, it } from "vitest";

import { codeOf } from "../../../test/kit/code-of.ts";
import {
  at,
  bareState,
  bundle,
  type Edit,
  type Fields,
  editMetadata,
  makeHands,
  makeRepository,
  put,
  repositoryNow,
} from "../../../test/kit/repository.ts";
import { encodeStatePart } from "../../../schemas/index.ts";
import { type Bytes, renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { draftState, draftTimestamp } from "../../authority/index.ts";
import { makeKeyPair, publicHalf, type SigningKey } from "../../keys/index.ts";
import { checkPartTime } from "../part-time.ts";
import {
  checkTrustedRoot,
  findNeeded,
  type ProvenRegister,
  renderKey,
  type RepositoryFiles,
  rolePath,
  targetPath,
  timestampPath,
  verifyRegister,
} from "../index.ts";

const day = 86_400_000;
const made = makeRepository();
const { hands, parts, root, seal, state } = made;
const first = seal(parts);

function verify(files: RepositoryFiles): ProvenRegister {
  return verifyRegister(bundle(files), { root });
}

function codeFor(files: RepositoryFiles): string {
  return codeOf(() => verify(files));
}

/** A repository one of whose roles says something else, in its own hand or in another's, before it is sealed. */
function edited(role: string, edit: Edit, keys: readonly SigningKey[]): RepositoryFiles {
  const path = rolePath(role, 1);
  return seal(new Map(parts).set(path, editMetadata(parts.get(path)!, edit, keys)));
}

describe("thresholds and keys", () => {
  const same: Edit = () => undefined;

  it("a role with one signature too few is refused", () => {
    expect(codeFor(edited("targets", same, hands.targets.keys.slice(0, 2)))).toBe("accepted");
    expect(codeFor(edited("targets", same, hands.targets.keys.slice(0, 1)))).toBe("REGISTER_SIGNATURE_INVALID"); // prettier-ignore
    const few = verify(edited("gh", same, hands.gh.keys.slice(1, 2)));
    expect(few.trusted.flaws).toMatchObject([{ authority: "gh", code: "REGISTER_SIGNATURE_INVALID" }]); // prettier-ignore
    const unsigned = new Map(first).set(timestampPath, editMetadata(first.get(timestampPath)!, same, [])); // prettier-ignore
    expect(codeFor(unsigned)).toBe("REGISTER_SIGNATURE_INVALID");
    const foreign = new Map(first).set(timestampPath, editMetadata(first.get(timestampPath)!, same, hands.snapshot.keys)); // prettier-ignore
    expect(codeFor(foreign)).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("a key that signs twice is refused, not counted twice", () => {
    const file = JSON.parse(Buffer.from(parts.get(rolePath("targets", 1))!).toString()) as { signatures: object[] }; // prettier-ignore
    const twice = { ...file, signatures: [file.signatures[0], file.signatures[0]] };
    const files = seal(new Map(parts).set(rolePath("targets", 1), utf8(JSON.stringify(twice))));
    expect(codeFor(files)).toBe("REGISTER_INVALID");
  });

  it("signatures of strangers and broken ones count for nothing and do no harm", () => {
    const strangers = makeHands(1, 3).keys;
    expect(codeFor(edited("targets", same, [...strangers, ...hands.targets.keys]))).toBe(
      "accepted",
    );
    const broken = Buffer.from(parts.get(rolePath("targets", 1))!)
      .toString()
      .replace(/"sig":"(..)/, (_all, two: string) => `"sig":"${two === "00" ? "01" : "00"}`);
    const files = seal(new Map(parts).set(rolePath("targets", 1), utf8(broken)));
    expect(codeFor(files)).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("a root whose keys or roles are not of our kind is refused", () => {
    /** A key of the first kind, P-256. */
    const keyOf = (signed: Fields): Fields => {
      const keys = Object.values(at(signed, "keys")) as Fields[];
      return keys.find((one) => one["keytype"] === "ecdsa")!;
    };
    const edits: Readonly<Record<string, Edit>> = {
      "one key under two names": (signed) => {
        at(signed, "keys")["ab".repeat(32)] = keyOf(signed);
        at(signed, "roles", "root", "keyids")["1"] = "ab".repeat(32);
      },
      "one key twice in a role": (signed) => {
        at(signed, "roles", "root", "keyids")["1"] = at(signed, "roles", "root", "keyids")["0"];
      },
      "an unknown kind of key": (signed) => (keyOf(signed)["keytype"] = "rsa"),
      "a key of another scheme": (signed) => (keyOf(signed)["scheme"] = "ecdsa-sha2-nistp384"),
      "another spelling of a key": (signed) => {
        const key = keyOf(signed);
        at(key, "keyval")["public"] = `${String(at(key, "keyval")["public"])}\n`;
      },
      "a key that is none": (signed) => {
        const key = keyOf(signed);
        at(key, "keyval")["public"] = "none";
      },
      "a role whose key is not there": (signed) => (at(signed, "roles", "root", "keyids")["0"] = "cd".repeat(32)), // prettier-ignore
      "a threshold of none": (signed) => (at(signed, "roles", "targets")["threshold"] = 0),
      "a threshold above the keys": (signed) => (at(signed, "roles", "targets")["threshold"] = 4),
      "no consistent snapshots": (signed) => (signed["consistent_snapshot"] = false),
      "a role more": (signed) => (at(signed, "roles")["mirrors"] = at(signed, "roles")["root"]),
      "a member more": (signed) => (signed["more"] = 1),
      "another specification": (signed) => (signed["spec_version"] = "2.0.0"),
      "another kind": (signed) => (signed["_type"] = "targets"),
    };
    for (const [name, edit] of Object.entries(edits)) {
      const file = editMetadata(root, edit, hands.root.keys);
      const code = codeOf(() => verifyRegister(bundle(first), { root: file }));
      expect([name, code]).toEqual([name, "REGISTER_INVALID"]);
    }
    const unsigned = editMetadata(root, same, hands.root.keys.slice(0, 2));
    expect(codeOf(() => verifyRegister(bundle(first), { root: unsigned }))).toBe("REGISTER_SIGNATURE_INVALID"); // prettier-ignore
  });
});

describe("delegation", () => {
  const one = (signed: Fields): Fields => at(signed, "delegations", "roles")["0"] as Fields; // prettier-ignore
  const edits: Readonly<Record<string, Edit>> = {
    "one key twice": (signed) =>
      (one(signed)["keyids"] = Array.from(
        { length: 2 },
        () => (one(signed)["keyids"] as string[])[0],
      )),
    "a threshold above its keys": (signed) => (one(signed)["threshold"] = 2),
    "wider paths": (signed) => (one(signed)["paths"] = ["*"]),
    "another's folder": (signed) => (one(signed)["paths"] = ["gh/*"]),
    "two folders": (signed) => (one(signed)["paths"] = ["ng/*", "gh/*"]),
    "paths by their hashes": (signed) => (one(signed)["path_hash_prefixes"] = ["00"]),
    "not terminating": (signed) => (one(signed)["terminating"] = false),
    "a name of the repository's own": (signed) => Object.assign(one(signed), { name: "snapshot", paths: ["snapshot/*"] }), // prettier-ignore
    "the region's name": (signed) => Object.assign(one(signed), { name: "region", paths: ["region/*"] }), // prettier-ignore
    "one authority twice": (signed) =>
      (at(signed, "delegations")["roles"] as unknown[]).push(one(signed)),
    "no authority of the region": (signed) => Object.assign(one(signed), { name: "tg", paths: ["tg/*"] }), // prettier-ignore
    "another target": (signed) => (at(signed, "targets")["other.bin"] = at(signed, "targets")["region.bin"]), // prettier-ignore
  };

  it.each(Object.entries(edits))("by the registrars of %s is refused", (name, edit) => {
    const files = edited("targets", edit, hands.targets.keys);
    const withTg = put(files, draftState(new Map(), { state: bareState("tg"), expiresAt: repositoryNow + day }), hands.ng.keys); // prettier-ignore
    const sealed = name === "no authority of the region" ? seal(withTg) : files;
    expect(codeFor(sealed)).toBe("REGISTER_INVALID");
  });

  const own: Readonly<Record<string, Edit>> = {
    "another's target": (signed) => (signed["targets"] = { "gh/part.bin": at(signed, "targets")["ng/part.bin"] }), // prettier-ignore
    "a target more": (signed) => (at(signed, "targets")["gh/part.bin"] = at(signed, "targets")["ng/part.bin"]), // prettier-ignore
    "delegations of its own": (signed) => (signed["delegations"] = { keys: {}, roles: [] }),
    "another version": (signed) => (signed["version"] = 7),
    "a part too large": (signed) => (at(signed, "targets", "ng/part.bin")["length"] = 5_000_000),
  };

  it.each(Object.entries(own))("a state that signs %s is left out, and nobody else", (_name, edit) => {
    const view = verify(edited("ng", edit, hands.ng.keys));
    expect(view.trusted.flaws).toEqual([{ authority: "ng", version: 1, code: "REGISTER_INVALID" }]);
    expect(view.agencies.map(({ agency }) => agency)).toEqual(["gh/tcu"]);
  }); // prettier-ignore

  it("a state whose part bears another state's name is left out", () => {
    const content = encodeStatePart({ ...bareState("gh"), agencies: [] });
    const digest = renderHex(sha256(content));
    const meta = { length: content.length, hashes: { sha256: digest } };
    const files = edited(
      "ng",
      (signed) => (signed["targets"] = { "ng/part.bin": meta }),
      hands.ng.keys,
    );
    const view = verify(new Map(files).set(targetPath("ng/part.bin", digest), content));
    expect(view.trusted.flaws).toEqual([{ authority: "ng", version: 1, code: "REGISTER_INVALID" }]);
  });

  it("a state's metadata signed by another state, or by the registrars, is none", () => {
    for (const keys of [hands.gh.keys, hands.targets.keys, hands.root.keys]) {
      const view = verify(edited("ng", () => undefined, keys));
      expect(view.trusted.flaws).toMatchObject([{ authority: "ng", code: "REGISTER_SIGNATURE_INVALID" }]); // prettier-ignore
    }
  });

  it("a state's part that speaks of another's agencies is left out", () => {
    const view = verify(seal(state(parts, bareState("ng", "gh/tcu"))));
    expect(view.agencies.map(({ authority }) => authority)).toEqual(["gh"]);
  });

  it("an authority to whom nothing is delegated any more is out, and its name stays in the snapshot", () => {
    const fewer = edited("targets", (signed) => (at(signed, "delegations")["roles"] as unknown[]).shift(), hands.targets.keys); // prettier-ignore
    expect([...verify(fewer).numbers.keys()]).toEqual(["region", "gh"]);
  });
});

describe("limits", () => {
  it("a register, or metadata, that is too large is refused before it is read", () => {
    const huge = new Map(first).set("other", Buffer.alloc(17 * 2 ** 20));
    expect(codeFor(huge)).toBe("REGISTER_INVALID");
    const padded = Buffer.concat([root, Buffer.alloc(70_000, " ")]);
    expect(codeOf(() => checkTrustedRoot(padded))).toBe("REGISTER_INVALID");
    expect(codeOf(() => checkTrustedRoot(root))).toBe("accepted");
  });

  it("more roots than may follow the trusted one are refused", () => {
    const own = makeHands(1, 1);
    const roles = { root: own, timestamp: own, snapshot: own, targets: own };
    let files: RepositoryFiles = first;
    files = put(files, made.nextRoot(roles), [...hands.root.keys, ...own.keys]);
    const second = files.get(rolePath("root", 2))!;
    const rotate = (version: number): void => {
      const metadata = editMetadata(second, (signed) => (signed["version"] = version), own.keys);
      files = new Map(files).set(rolePath("root", version), metadata);
    };
    for (let version = 3; version <= 257; version += 1) rotate(version);
    const anchors = { root };
    // the newest root no longer knows the timestamp's key
    expect(codeOf(() => verifyRegister(bundle(files), anchors))).toBe("REGISTER_SIGNATURE_INVALID");
    rotate(258);
    expect(codeOf(() => verifyRegister(bundle(files), anchors))).toBe("REGISTER_INVALID");
  });
});

describe("what is missing", () => {
  it("is asked for file by file, as far as what is there is proved", () => {
    const have = new Map<string, Bytes>();
    const rounds: string[][] = [];
    for (;;) {
      const needed = findNeeded(have, root);
      if (needed.length === 0) break;
      rounds.push(needed.map(({ path }) => path.replace(/[0-9a-f]{64}/, "…")));
      for (const { path } of needed) have.set(path, first.get(path)!);
    }
    expect(rounds).toEqual([
      ["metadata/timestamp.json"], ["metadata/1.snapshot.json"], ["metadata/1.targets.json"],
      ["targets/….region.bin", "metadata/1.ng.json", "metadata/1.gh.json"],
      ["targets/ng/….part.bin", "targets/gh/….part.bin"],
    ]);
    expect(verify(have).key).toBe(verify(first).key);
  }); // prettier-ignore
});

describe("a part past its time", () => {
  it("proves nothing of its agencies from that moment on, and nobody else's time is touched", () => {
    const end = "2026-06-02T00:00:00Z";
    const view = verify(edited("ng", (signed) => (signed["expires"] = end), hands.ng.keys));
    const ended = repositoryNow + day;
    expect(codeOf(() => checkPartTime(view, "ng", ended - 1))).toBe("accepted");
    expect(codeOf(() => checkPartTime(view, "ng", ended))).toBe("CERT_STATUS_UNKNOWN");
    expect(codeOf(() => checkPartTime(view, "gh", ended))).toBe("accepted");
    expect(codeOf(() => checkPartTime(view, "sn", ended))).toBe("accepted");
  });
});

describe("keys", () => {
  it("of a curve for CAs sign no register", () => {
    const { spki } = publicHalf(makeKeyPair("P-384"));
    expect(codeOf(() => renderKey(spki))).toBe("KEY_UNUSABLE");
  });
});

describe("metadata", () => {
  const spoil = (change: (text: string) => string | Bytes): string => {
    const text = Buffer.from(first.get(timestampPath)!).toString();
    const changed = change(text);
    const bytes = typeof changed === "string" ? utf8(changed) : changed;
    return codeFor(new Map(first).set(timestampPath, bytes));
  };

  it("is JSON that any two readers read alike", () => {
    expect(spoil((text) => ` ${text}`)).toBe("accepted");
    const spellings: readonly ((text: string) => string | Bytes)[] = [
      (text) => text.replace('"version":1', '"version":1,"version":1'),
      (text) => text.replace('"version":1', '"version":1.5'),
      (text) => text.replace('"version":1', '"version":0'),
      (text) => text.replace('"version":1', '"version":2147483648'),
      (text) => text.replace('"version":1', '"version":"1"'),
      (text) => text.replace('"version":1', '"version":null'),
      (text) => text.replace('"version":1', '"version":1e400'),
      (text) => `﻿${text}`,
      (text) => text.slice(1),
      () => "{}",
      () => "null",
      () => `{"signatures":${"[".repeat(40)}${"]".repeat(40)},"signed":{}}`,
      (text) => `${text}${" ".repeat(20_000)}`,
      (text) => Buffer.concat([utf8(text.slice(0, 20)), Buffer.from([0xff]), utf8(text.slice(20))]),
      (text) => text.replace(/"sig":"[^"]*"/, '"sig":"abc"'),
      (text) => text.replace(/"sig":"[^"]*"/, '"sig":""'),
    ];
    for (const change of spellings) expect([change.toString(), spoil(change)]).toEqual([change.toString(), "REGISTER_INVALID"]); // prettier-ignore
  });

  it("names its end as a moment to the second, in UTC", () => {
    const ends = ["2026-06-31T00:00:00Z", "2026-06-02T00:00:00+00:00", "2026-06-02", "2026-06-02T00:00:00.000Z", "2026-06-02t00:00:00z", "2026-06-02T24:00:00Z"]; // prettier-ignore
    for (const end of ends) {
      const file = editMetadata(first.get(timestampPath)!, (signed) => (signed["expires"] = end), hands.timestamp.keys); // prettier-ignore
      expect([end, codeFor(new Map(first).set(timestampPath, file))]).toEqual([end, "REGISTER_INVALID"]); // prettier-ignore
    }
  });

  it("that does not name the targets, or names too many, is refused", () => {
    const withSnapshot = (edit: Edit): string => {
      const path = rolePath("snapshot", 1);
      const named = new Map(first).set(path, editMetadata(first.get(path)!, edit, hands.snapshot.keys)); // prettier-ignore
      named.delete(timestampPath);
      return codeFor(put(named, draftTimestamp(named, repositoryNow + day), hands.timestamp.keys));
    };
    expect(withSnapshot(() => undefined)).toBe("accepted");
    expect(withSnapshot((signed) => delete at(signed, "meta")["targets.json"])).toBe(
      "REGISTER_INVALID",
    );
    expect(withSnapshot((signed) => (signed["version"] = 2))).toBe("REGISTER_INVALID");
    expect(withSnapshot((signed) => {
      const letters = "abcdefghijklmnopqrstuvwxyz";
      for (let i = 0; i < 400; i += 1) at(signed, "meta")[`x${letters[i % 26]}${letters[Math.floor(i / 26)]}.json`] = at(signed, "meta")["ng.json"];
    })).toBe("REGISTER_INVALID"); // prettier-ignore
  });
});
