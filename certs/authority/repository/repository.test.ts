import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { codeOf } from "../../../test/kit/code-of.ts";
import {
  bareRegion,
  bareState,
  editMetadata,
  type Hands,
  makeHands,
  makeRepository,
  publicOf,
  put,
  repositoryNow,
} from "../../../test/kit/repository.ts";
import { sameBytes } from "../../../schemas/ground/index.ts";
import { makeKeyPair, makeSigningKey } from "../../keys/index.ts";
import {
  parseRegister,
  type ProvenRegister,
  renderRegister,
  type RepositoryFiles,
  rolePath,
  timestampPath,
  verifyRegister,
} from "../../trust/index.ts";
import {
  bundleRegister,
  type Draft,
  draftRegion,
  draftRoot,
  draftSnapshot,
  draftState,
  draftTimestamp,
  exportRepository,
  importRepository,
  placeDraft,
  signDraft,
  signMetadata,
} from "./index.ts";

const day = 86_400_000;
const expiresAt = repositoryNow + 100 * day;
const made = makeRepository();
const { hands, root } = made;

function first(hand: Hands): Hands["keys"] {
  return hand.keys.slice(0, hand.threshold);
}

/** Signs and places; refuses as the ceremony does. */
function place(files: RepositoryFiles, draft: Draft, keys: Hands["keys"]): RepositoryFiles {
  return placeDraft(files, signDraft(draft, keys));
}

function publish(files: RepositoryFiles): RepositoryFiles {
  const named = place(files, draftSnapshot(files, expiresAt), hands.snapshot.keys);
  return place(named, draftTimestamp(named, repositoryNow + day), hands.timestamp.keys);
}

function read(files: RepositoryFiles, held?: ProvenRegister): ProvenRegister {
  return verifyRegister(renderRegister(files), { root }, held);
}

const plan = (keys: Readonly<Record<"root" | "timestamp" | "snapshot" | "targets", Hands>>) => ({
  expiresAt,
  roles: {
    root: publicOf(keys.root),
    timestamp: publicOf(keys.timestamp),
    snapshot: publicOf(keys.snapshot),
    targets: publicOf(keys.targets),
  },
});

const published = publish(made.parts);

describe("a ceremony", () => {
  it("makes a register that readers take, role by role, each by its own keys", () => {
    const start = place(new Map(), draftRoot(new Map(), plan(hands)), first(hands.root));
    const delegations = new Map([["ng", publicOf(hands.ng)]]);
    const draft = draftRegion(start, { region: bareRegion, delegations, expiresAt });
    const region = place(start, draft, first(hands.targets));
    const whole = place(region, draftState(region, { state: bareState("ng"), expiresAt }), first(hands.ng)); // prettier-ignore
    const files = publish(whole);
    const view = verifyRegister(bundleRegister(files), { root: start.get(rolePath("root", 1))! });
    expect([view.epoch, view.agencies.length]).toEqual([1, 1]);
  });

  it("lets people sign one file one after another, and asks until enough did", () => {
    const delegations = new Map([["gh", publicOf(hands.gh)]]);
    const draft = draftRegion(published, { region: bareRegion, delegations, expiresAt });
    const [one, two] = hands.targets.keys;
    expect(codeOf(() => placeDraft(published, draft))).toBe("REGISTER_SIGNATURE_INVALID");
    const once = { ...draft, metadata: signMetadata(draft.metadata, one!) };
    expect(codeOf(() => placeDraft(published, once))).toBe("REGISTER_SIGNATURE_INVALID");
    const twice = { ...draft, metadata: signMetadata(once.metadata, one!) };
    expect(codeOf(() => placeDraft(published, twice))).toBe("REGISTER_SIGNATURE_INVALID");
    const enough = { ...draft, metadata: signMetadata(once.metadata, two!) };
    expect(codeOf(() => placeDraft(published, enough))).toBe("accepted");
  });

  it("refuses a version that is not the next, and what is not metadata", () => {
    const draft = draftState(published, { state: bareState("ng"), expiresAt });
    expect(codeOf(() => place(place(published, draft, hands.ng.keys), draft, hands.ng.keys))).toBe("REGISTER_ROLLBACK"); // prettier-ignore
    expect(codeOf(() => place(published, { ...draft, version: 9 }, hands.ng.keys))).toBe("REGISTER_ROLLBACK"); // prettier-ignore
    expect(codeOf(() => signMetadata(Buffer.from("{}"), hands.ng.keys[0]!))).toBe("REGISTER_INVALID"); // prettier-ignore
    expect(codeOf(() => signDraft(draft, []))).toBe("KEY_UNUSABLE");
  });

  it("refuses an authority to whom nothing is delegated, and a repository without root or targets", () => {
    const draft = draftState(published, { state: bareState("tg"), expiresAt });
    expect(codeOf(() => place(published, draft, hands.ng.keys))).toBe("REGISTER_INVALID");
    expect(codeOf(() => place(new Map(), draftState(new Map(), { state: bareState("ng"), expiresAt }), hands.ng.keys))).toBe("REGISTER_INVALID"); // prettier-ignore
    expect(codeOf(() => place(new Map(), draftRegion(new Map(), { region: bareRegion, delegations: new Map(), expiresAt }), hands.targets.keys))).toBe("REGISTER_INVALID"); // prettier-ignore
    expect(codeOf(() => draftTimestamp(new Map(), expiresAt))).toBe("REGISTER_INVALID");
    expect(codeOf(() => bundleRegister(made.parts))).toBe("REGISTER_INVALID");
  });

  it("takes no key of a kind that readers refuse", () => {
    const { root: own } = hands;
    const keys = [...own.keys.map(({ spki }) => spki), Buffer.from("no key")];
    const roles = { ...plan(hands).roles, root: { keys, threshold: 3 } };
    expect(codeOf(() => draftRoot(new Map(), { roles, expiresAt }))).toBe("CERT_MALFORMED");
  });
});

describe("a snapshot", () => {
  it("passes over a part that its authority spoilt, and names the last good one", () => {
    const wrong = draftState(published, { state: bareState("ng", "gh/tcu"), expiresAt });
    const stranger = makeSigningKey(makeKeyPair("P-256"));
    for (const [draft, keys] of [[wrong, hands.ng.keys], [draftState(published, { state: bareState("ng"), expiresAt }), [stranger]]] as const) {
      const files = publish(put(published, draft, keys));
      const view = read(files, read(published));
      expect([view.epoch, view.numbers.get("ng"), view.trusted.flaws]).toEqual([2, 1, []]);
    }
  }); // prettier-ignore

  it("passes over a part whose content is not there", () => {
    const draft = draftState(published, { state: { ...bareState("ng"), names: [{ text: "Nigeria", lang: "en", marks: [] }] }, expiresAt }); // prettier-ignore
    const files = publish(put(published, { ...draft, targets: new Map() }, hands.ng.keys));
    expect(read(files).numbers.get("ng")).toBe(1);
  });

  it("goes on naming an authority that left", () => {
    const delegations = new Map([["gh", publicOf(hands.gh)]]);
    const region = draftRegion(published, { region: bareRegion, delegations, expiresAt });
    const view = read(publish(place(published, region, first(hands.targets))), read(published));
    expect(view.agencies.map(({ agency }) => agency)).toEqual(["gh/tcu"]);
    expect(view.trusted.named.has("ng")).toBe(true);
  });
});

describe("keys that change hands", () => {
  const held = read(published);
  const fresh = makeHands(3, 5);
  const rotated = draftRoot(published, plan({ ...hands, root: fresh }));

  it("a root is followed when enough old and enough new keys signed it", () => {
    const both = [...first(hands.root), ...first(fresh)];
    const next = publish(place(published, rotated, both));
    expect(read(next, held).trusted.root.version).toBe(2);
    const third = draftRoot(next, plan({ ...hands, root: fresh, targets: makeHands(1, 1) }));
    expect(codeOf(() => place(next, third, first(hands.root)))).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("a root that only the old or only the new keys signed is refused, here and by readers", () => {
    for (const keys of [first(hands.root), first(fresh)]) {
      expect(codeOf(() => place(published, rotated, keys))).toBe("REGISTER_SIGNATURE_INVALID");
      const forced = put(published, rotated, keys);
      expect(codeOf(() => read(forced, held))).toBe("REGISTER_SIGNATURE_INVALID");
    }
  });

  it("a root that is not the next is not followed", () => {
    const skipping = { ...rotated, version: 3 };
    const forced = put(published, skipping, [...hands.root.keys, ...fresh.keys]);
    expect(read(forced, held).trusted.root.version).toBe(1);
    const lying = new Map(published).set(rolePath("root", 2), root);
    expect(codeOf(() => read(lying, held))).toBe("REGISTER_INVALID");
  });

  it("a state's keys change without a gap: both may sign, then it signs anew, then the old one goes", () => {
    const young = makeSigningKey(makeKeyPair("Ed25519"));
    const region = (files: RepositoryFiles, keys: Hands["keys"]): RepositoryFiles => {
      const delegations = new Map([["ng", publicOf({ keys, threshold: 1 })], ["gh", publicOf(hands.gh)]]); // prettier-ignore
      return place(files, draftRegion(files, { region: bareRegion, delegations, expiresAt }), first(hands.targets)); // prettier-ignore
    };
    const [old] = hands.ng.keys;
    const both = publish(region(published, [old!, young]));
    const signed = publish(place(both, draftState(both, { state: bareState("ng"), expiresAt }), [young])); // prettier-ignore
    const gone = publish(region(signed, [young]));
    let view = held;
    for (const files of [both, signed, gone]) {
      view = read(files, view);
      expect([view.agencies.length, view.trusted.flaws]).toEqual([2, []]);
    }
    expect(codeOf(() => place(gone, draftState(gone, { state: bareState("ng"), expiresAt }), [old!]))).toBe("REGISTER_SIGNATURE_INVALID"); // prettier-ignore
  });

  it("stolen snapshot keys driven to the highest number are answered by new ones (TUF 5.3.11)", () => {
    const draft = draftSnapshot(published, expiresAt);
    const version = 2_147_483_647;
    const metadata = editMetadata(draft.metadata, (signed) => (signed["version"] = version), []);
    const thieves = put(published, { ...draft, version, metadata }, hands.snapshot.keys);
    const stamped = put(thieves, draftTimestamp(thieves, expiresAt), hands.timestamp.keys);
    const robbed = read(stamped, held);
    expect(robbed.epoch).toBe(version);
    const snapshot = makeHands(1, 1);
    const next = place(published, draftRoot(published, plan({ ...hands, snapshot })), first(hands.root)); // prettier-ignore
    const named = place(next, draftSnapshot(next, expiresAt), snapshot.keys);
    const mended = place(named, draftTimestamp(named, expiresAt), hands.timestamp.keys);
    expect(read(mended, robbed).epoch).toBe(2);
    const timestamp = makeHands(1, 1);
    const renewed = place(published, draftRoot(published, plan({ ...hands, timestamp })), first(hands.root)); // prettier-ignore
    const again = place(renewed, draftSnapshot(renewed, expiresAt), hands.snapshot.keys);
    expect(read(place(again, draftTimestamp(again, expiresAt), timestamp.keys), robbed).epoch).toBe(
      2,
    );
    const kept = place(published, draftRoot(published, plan({ ...hands, targets: makeHands(1, 1) })), first(hands.root)); // prettier-ignore
    expect(codeOf(() => read(kept, robbed))).toBe("REGISTER_SIGNATURE_INVALID");
  });

  it("T-27 n−k lost keys change nothing; with one more the register can be read, and never changed", () => {
    const left = hands.root.keys.slice(2);
    const again = makeHands(3, 5);
    const next = draftRoot(published, plan({ ...hands, root: again }));
    expect(codeOf(() => place(published, next, [...left, ...first(again)]))).toBe("accepted");
    const fewer = hands.root.keys.slice(3);
    const opened = draftRoot(published, plan({ ...hands, root: { keys: fewer, threshold: 2 } }));
    expect(codeOf(() => place(published, opened, [...fewer, ...again.keys]))).toBe("REGISTER_SIGNATURE_INVALID"); // prettier-ignore
    expect(codeOf(() => read(put(published, opened, fewer), held))).toBe("REGISTER_SIGNATURE_INVALID"); // prettier-ignore
    expect(read(published, held).epoch).toBe(1);
  });
});

describe("T-5 any k−1 keys of a role, with every key of every other role", () => {
  const held = read(published);

  function subsets<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
    if (size === 0) return [[]];
    return all.flatMap((one, at) => subsets(all.slice(at + 1), size - 1).map((rest) => [one, ...rest])); // prettier-ignore
  }

  const drafts: Readonly<Record<"root" | "targets" | "gh", () => Draft>> = {
    root: () => draftRoot(published, plan({ ...hands, targets: makeHands(1, 1) })),
    targets: () => draftRegion(published, { region: bareRegion, delegations: new Map([["ng", publicOf(hands.ng)]]), expiresAt }), // prettier-ignore
    gh: () => draftState(published, { state: bareState("gh"), expiresAt }),
  };

  it.each(["root", "targets", "gh"] as const)("change nothing of %s", (role) => {
    const { keys, threshold } = hands[role];
    const others = Object.entries(hands).flatMap(([name, hand]) => (name === role ? [] : hand.keys)); // prettier-ignore
    const tried = subsets(keys, threshold - 1);
    expect(tried.length).toBeGreaterThan(2);
    for (const few of tried) {
      const draft = drafts[role]();
      expect(codeOf(() => place(published, draft, [...few, ...others]))).toBe("REGISTER_SIGNATURE_INVALID"); // prettier-ignore
      const forced = put(published, draft, [...few, ...others]);
      const sealed = made.seal(forced);
      const attempt = codeOf(() => {
        const view = read(sealed, held);
        if (view.numbers.get("gh") !== 1 || view.numbers.get("region") !== 1) throw new Error("a change came through"); // prettier-ignore
        expect(view.trusted.flaws).toMatchObject([{ authority: "gh", kept: 1 }]);
      });
      expect(attempt).toBe(role === "gh" ? "accepted" : "REGISTER_SIGNATURE_INVALID");
    }
  });
});

describe("a folder", () => {
  it("holds a repository as web servers serve it, and gives it back", () => {
    const folder = mkdtempSync(join(tmpdir(), "repository-"));
    try {
      const files = publish(made.state(published, bareState("gh")));
      exportRepository(folder, files);
      writeFileSync(join(folder, "metadata", "notes.txt"), "not ours");
      const back = importRepository(folder);
      expect([...back.keys()]).toEqual([...files.keys()].toSorted());
      expect(sameBytes(bundleRegister(back), bundleRegister(files))).toBe(true);
      expect(parseRegister(bundleRegister(back)).has(timestampPath)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(codeOf(() => importRepository(folder))).toBe("REGISTER_INVALID");
    expect(codeOf(() => exportRepository("/dev/null/x", published))).toBe("STORE_WRITE_FAILED");
  });
});
