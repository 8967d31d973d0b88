import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeKeyPair, makeSigningKey, saveKey } from "../../certs/keys/index.ts";
import { makeNoteSigner, renderVerifierKey, type VerifierKey } from "../../certs/log/index.ts";
import { checkLogKey, type LogKeyRegister, openLogKey } from "./key.ts";

const hub = "au/hub-one";
const pair = makeKeyPair("Ed25519");
const named = (name: string, key = pair): VerifierKey => makeNoteSigner(name, makeSigningKey(key)).verifierKey; // prettier-ignore
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "log-key-"));
  saveKey(join(dir, "log.key"), pair);
});
afterAll(() => rmSync(dir, { recursive: true }));

function register(...keys: readonly VerifierKey[]): LogKeyRegister {
  const lines = keys.map((key) => ({ verifierKey: renderVerifierKey(key), from: 0 }));
  return { hubs: [{ hub, log: { keys: lines } }], logKeys: () => keys };
}

describe("the key of a hub's log", () => {
  it.each(["atumpan/au/hub-one", "atumpan/au/hub-one/2"])(
    "signs under the name that the register has for it: %s",
    (name) => {
      const own = named(name);
      const held = register(named(`${name}/old`, makeKeyPair("Ed25519")), own);
      const signer = openLogKey(dir, hub, held);
      expect(signer?.verifierKey.name).toBe(name);
      expect(() => checkLogKey(held, { hub, key: own, at: 0 })).not.toThrow();
    },
  );

  it("that the register does not name signs nothing", () => {
    const held = register(named("atumpan/au/hub-one/2", makeKeyPair("Ed25519")));
    const { verifierKey: key } = openLogKey(dir, hub, held)!;
    expect(key.name).toBe("atumpan/au/hub-one");
    expect(() => checkLogKey(held, { hub, key, at: 0 })).toThrow(expect.objectContaining({ code: "KEY_UNUSABLE" })); // prettier-ignore
  });

  it("is not there at a hub without a log", () => {
    expect(openLogKey(join(dir, "none"), hub, register())).toBeUndefined();
  });
});
