import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isFault } from "../schemas/ground/index.ts";
import { apiShape, loadEdge, oidcShape } from "./people-choice.ts";

let dir = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "edge-"));
  writeFileSync(join(dir, "secret"), "s\n", { mode: 0o600 });
});

afterEach(() => rmSync(dir, { recursive: true }));

const here = { host: "127.0.0.1", port: 7401 };
const oidc = { issuer: "https://id.example", clientId: "gateway", clientSecretFile: "secret" };

function load(api: object, provider?: object): ReturnType<typeof loadEdge> {
  const config = {
    api: apiShape.parse({ ...here, ...api }),
    ...(provider === undefined ? {} : { oidc: oidcShape.parse(provider) }),
  };
  return loadEdge(config, (path) => join(dir, path));
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : "SHAPE";
  }
}

describe("loadEdge", () => {
  it("without a choice: plain HTTP, 15 minutes idle, 12 hours in all, no provider", () => {
    const { api, people } = load({});
    expect(api).toEqual(here);
    expect(people).toMatchObject({ idleMs: 900_000, lifeMs: 43_200_000, oidc: undefined });
  });

  it("takes what is chosen", () => {
    const { people } = load({ sessions: { idleMinutes: 5, hours: 8 }, origin: "https://g.example" }, oidc);
    expect(people).toMatchObject({ origin: "https://g.example", idleMs: 300_000, lifeMs: 28_800_000 });
    expect(people.oidc).toMatchObject({ clientSecret: "s", insecure: false });
  }); // prettier-ignore

  it.each([
    "http://g.example",
    "https://g.example/",
    "https://g.example/path",
    "g.example",
    "ftp://g.example",
  ])("%s is no origin", (origin) => {
    expect(codeOf(() => load({ origin }))).toBe("SHAPE");
  });

  it.each([
    { sessions: { hours: 25 } },
    { sessions: { idleMinutes: 0 } },
    { token: "no" },
    { tls: {} },
    { more: 1 },
  ])("%j is refused", (change) => {
    expect(codeOf(() => load(change))).toBe("SHAPE");
  });

  it("http to a provider on another machine is refused; on this one it is taken", () => {
    expect(codeOf(() => load({}, { ...oidc, issuer: "http://id.example" }))).toBe("CONFIG_INVALID");
    expect(load({}, { ...oidc, issuer: "http://127.0.0.1:9000" }).people.oidc?.insecure).toBe(true);
  });

  it("a secret or key that others may read, or is missing, is refused", () => {
    chmodSync(join(dir, "secret"), 0o640);
    expect(codeOf(() => load({}, oidc))).toBe("CONFIG_INVALID");
    const tls = { key: "no-such", certificate: "secret" };
    expect(codeOf(() => load({ tls }))).toBe("CONFIG_INVALID");
  });
});
