import { describe, expect, it } from "vitest";

import { codeOf } from "../../../test/kit/code-of.ts";
import {
  at,
  bareState,
  bundle,
  type Edit,
  editMetadata,
  makeHands,
  makeRepository,
  put,
  repositoryNow,
} from "../../../test/kit/repository.ts";
import { utf8 } from "../../../schemas/ground/index.ts";
import { draftTimestamp } from "../../authority/index.ts";
import { makeSnapshot } from "../../authority/repository/snapshot.ts";
import type { SigningKey } from "../../keys/index.ts";
import {
  type ProvenRegister,
  type RepositoryFiles,
  rolePath,
  timestampPath,
  verifyRegister,
} from "../index.ts";

const day = 86_400_000;
const made = makeRepository();
const { hands, parts, root, seal, state, region } = made;
const first = seal(parts);

function verify(files: RepositoryFiles, held?: ProvenRegister): ProvenRegister {
  return verifyRegister(bundle(files), { root }, held);
}

function codeFor(files: RepositoryFiles, held?: ProvenRegister): string {
  return codeOf(() => verify(files, held));
}

/** A repository one of whose roles says something else, in its own hand or in another's, before it is sealed. */
function edited(role: string, edit: Edit, keys: readonly SigningKey[]): RepositoryFiles {
  const path = rolePath(role, 1);
  return seal(new Map(parts).set(path, editMetadata(parts.get(path)!, edit, keys)));
}

function pick(from: RepositoryFiles, ...paths: readonly string[]): RepositoryFiles {
  return new Map([...from].filter(([path]) => paths.includes(path)));
}

const held = verify(first);
const second = seal(state(first, bareState("ng")));

describe("rollback", () => {
  it("an older timestamp, snapshot or root is refused", () => {
    const newer = verify(second, held);
    expect(codeFor(first, newer)).toBe("REGISTER_ROLLBACK");
    const back = put(second, draftTimestamp(pick(second, rolePath("snapshot", 1), timestampPath), repositoryNow + day), hands.timestamp.keys);
    expect(codeFor(back, newer)).toBe("REGISTER_ROLLBACK");
    const rotated = put(second, made.nextRoot({}), hands.root.keys);
    expect(codeFor(second, verify(rotated, newer))).toBe("REGISTER_ROLLBACK");
  }); // prettier-ignore

  it("a part, the targets, or a name that goes back inside a newer snapshot is refused", () => {
    const files = seal(region(second));
    const newer = verify(files, verify(second, held));
    const backTo = (edit: Edit): string => {
      const ends = { expiresAt: repositoryNow + day, choose: () => undefined };
      const snapshot = makeSnapshot(files, ends);
      const next = { ...snapshot, metadata: editMetadata(snapshot.metadata, edit, []) };
      const named = put(files, next, hands.snapshot.keys);
      const stamp = draftTimestamp(named, repositoryNow + day);
      return codeFor(put(named, stamp, hands.timestamp.keys), newer);
    };
    const older = JSON.parse(Buffer.from(first.get(rolePath("snapshot", 1))!).toString()) as { signed: { meta: Record<string, object> } }; // prettier-ignore
    const withOld =
      (name: string): Edit =>
      (signed) =>
        (at(signed, "meta")[name] = older.signed.meta[name]);
    expect(backTo(() => undefined)).toBe("accepted");
    expect(backTo(withOld("ng.json"))).toBe("REGISTER_ROLLBACK");
    expect(backTo(withOld("targets.json"))).toBe("REGISTER_ROLLBACK");
    expect(backTo((signed) => delete at(signed, "meta")["gh.json"])).toBe("REGISTER_ROLLBACK");
  });
});

describe("freeze", () => {
  it("a register counts until the first of root, timestamp, snapshot and targets ends", () => {
    expect(held.expiresAt).toBe(repositoryNow + 5 * day);
    expect(verify(seal(parts, { snapshot: repositoryNow + day })).expiresAt).toBe(
      repositoryNow + day,
    );
    const end = "2026-06-02T00:00:00Z";
    const brief: Edit = (signed) => (signed["expires"] = end);
    expect(verify(edited("targets", brief, hands.targets.keys)).expiresAt).toBe(
      repositoryNow + day,
    );
    const newRoot = put(first, made.nextRoot({}, repositoryNow + day), hands.root.keys);
    expect(verify(newRoot).expiresAt).toBe(repositoryNow + day);
  });

  it("a part that ran out is its own authority's loss, and the register goes on", () => {
    const view = verify(edited("ng", (signed) => (signed["expires"] = "2026-06-02T00:00:00Z"), hands.ng.keys)); // prettier-ignore
    expect(view.expiresAt).toBe(repositoryNow + 5 * day);
    expect(view.authority("ng")?.expiresAt).toBe(repositoryNow + day);
    expect(view.authority("gh")?.expiresAt).toBe(repositoryNow + 100 * day);
  });

  it("a newer timestamp over the same snapshot is taken, and tells a later end", () => {
    const stamped = put(
      first,
      draftTimestamp(first, repositoryNow + 7 * day),
      hands.timestamp.keys,
    );
    const view = verify(stamped, held);
    expect([view.epoch, view.expiresAt]).toEqual([1, repositoryNow + 7 * day]);
  });

  it("what was past its time when it came is proved still: it is newer, and it says that it ended", () => {
    const late = seal(state(first, bareState("ng")), { timestamp: 1000, snapshot: 1000 });
    expect(verify(late, held)).toMatchObject({ epoch: 2, expiresAt: 1000 });
  });
});

describe("fork", () => {
  it("two contents of one version of any role are refused", () => {
    const other = seal(state(first, { ...bareState("ng"), names: [{ text: "x", lang: "en", marks: [] }] })); // prettier-ignore
    const newer = verify(second, held);
    expect(codeFor(other, newer)).toBe("REGISTER_FORKED");
    const restamped = put(first, draftTimestamp(new Map([...first].filter(([path]) => path !== timestampPath)), repositoryNow + 6 * day), hands.timestamp.keys); // prettier-ignore
    expect(codeFor(restamped, held)).toBe("REGISTER_FORKED");
    const oneRoot = verify(put(first, made.nextRoot({}), hands.root.keys), held);
    const otherRoot = put(first, made.nextRoot({}, repositoryNow + 50 * day), hands.root.keys);
    expect(codeFor(otherRoot, oneRoot)).toBe("REGISTER_FORKED");
  });

  it("another file of one version of a part is refused inside a newer snapshot", () => {
    const other = seal(new Map(parts).set(rolePath("ng", 1), editMetadata(parts.get(rolePath("ng", 1))!, (signed) => (signed["expires"] = "2026-06-09T00:00:00Z"), hands.ng.keys))); // prettier-ignore
    const next = seal(state(other, bareState("gh")));
    expect(codeFor(next, held)).toBe("REGISTER_FORKED");
  });

  it("the same snapshot under other signatures is the same snapshot", () => {
    const path = rolePath("snapshot", 1);
    const again = new Map(first).set(path, editMetadata(first.get(path)!, () => undefined, [...makeHands(1, 1).keys, ...hands.snapshot.keys])); // prettier-ignore
    const stamped = put(
      again,
      draftTimestamp(again, repositoryNow + 5 * day),
      hands.timestamp.keys,
    );
    expect(verify(stamped, held).key).toBe(held.key);
  });
});

describe("a newer trusted root", () => {
  it("may be brought to a gateway that holds an older one", () => {
    const files = put(first, made.nextRoot({}), hands.root.keys);
    const newer = { root: files.get(rolePath("root", 2))! };
    const view = verifyRegister(bundle(files), newer, held);
    expect(view.trusted.root.version).toBe(2);
    expect(codeOf(() => verifyRegister(bundle(first), newer, view))).toBe("accepted");
  });
});

describe("mix and match", () => {
  it("a file that is missing, changed or of another epoch is refused", () => {
    for (const [path, bytes] of second) {
      if (path === timestampPath || path.endsWith("1.root.json") || !isNamedIn(second, path))
        continue;
      const changed = new Map(second).set(path, Buffer.concat([bytes, utf8(" ")]));
      expect([path, codeFor(changed)]).toEqual([path, "REGISTER_INVALID"]);
      changed.delete(path);
      expect([path, codeFor(changed)]).toEqual([path, "REGISTER_INVALID"]);
    }
    const swapped = new Map(second).set(rolePath("snapshot", 2), first.get(rolePath("snapshot", 1))!); // prettier-ignore
    expect(codeFor(swapped)).toBe("REGISTER_INVALID");
  });

  function isNamedIn(files: RepositoryFiles, path: string): boolean {
    const less = new Map(files);
    less.delete(path);
    return codeFor(less) !== "accepted";
  }
});
