import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { openStore, type Store } from "../store/index.ts";
import { encryptStore, listProtectors, openVault, type Vault } from "../vault/index.ts";
import { runCli } from "./run-cli.ts";

const words = "four words of nobody";
const cost = { n: 32_768, r: 8, p: 1 } as const;
const agency = "ng/tcu";

let dir = "";
let away = "";
let vault: Vault<Store>;
let cli: CliWorld;

async function begin(): Promise<void> {
  const orders = [
    { name: "passphrase", proof: { kind: "passphrase", passphrase: words } as const },
  ];
  const means = { chance: systemChance, clock: systemClock, cost };
  await encryptStore({ dir, agency }, { orders, means });
  vault = await openVault<Store>({
    dir,
    agency,
    config: { onSuspension: "lock" },
    open: (key) => Promise.resolve(openStore(join(dir, "store.db"), { key })),
    close: (store) => Promise.resolve(store.close()),
    standing: () => Promise.resolve({ epoch: 1 }),
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
  });
  cli = makeCliWorld([agency], { agencies: () => [], servedRecs: () => [] }, () => ({ vault }));
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "store-cli-"));
  away = mkdtempSync(join(tmpdir(), "stick-"));
});

afterEach(() => {
  for (const folder of [dir, away]) rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

/** Runs a command for somebody at a terminal who answers so; of secrets nothing is shown. */
async function run(args: readonly string[], answers: readonly string[] = []): Promise<Ran> {
  const [out, err, asked]: [string[], string[], string[]] = [[], [], []];
  const left = [...answers];
  const code = await runCli({
    args,
    version: "1",
    cwd: dir,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    isWatched: false,
    stdin: () => Promise.resolve(answers.join("\n")),
    ask: (question, isSecret) => {
      asked.push(`${isSecret ? "hidden" : "shown"}: ${question}`);
      return Promise.resolve(left.shift() ?? "");
    },
    fetch: () => Promise.reject(new Error("no network in this test")),
    clock: systemClock,
    chance: systemChance,
    signal: new AbortController().signal,
  });
  return { code, out: out.join(""), err: err.join(""), asked };
}

describe("store unlock, lock and wipe", () => {
  it("a secret is read from a private file, never from an argument, and status says how the store stands", async () => {
    await begin();
    const file = join(cli.dir, "secret");
    writeFileSync(file, `${words}\n`, { mode: 0o644 });
    expect((await cli.run("status")).out).toContain("locked");
    expect((await cli.run("store", "unlock", words)).code).not.toBe(0);
    expect((await cli.run("store", "unlock", "--from", "secret")).err).toContain("KEY_UNUSABLE");
    rmSync(file);
    writeFileSync(file, `${words}\n`, { mode: 0o600 });
    expect(await cli.run("store", "unlock", "--from", "secret")).toMatchObject({ code: 0 });
    expect(vault.state().state).toBe("OPEN");
    expect((await cli.run("status")).out).toContain("open, encrypted");
    expect(await cli.run("store", "lock")).toMatchObject({ code: 0 });
    expect(vault.state().state).toBe("LOCKED");
    expect((await cli.run("message", "ls")).err).toContain("STORE_LOCKED");
    await vault.stop();
  });
});

describe("store protectors and rekey", () => {
  beforeEach(() => {
    writeFileSync(join(dir, "gateway.json"), JSON.stringify({ agency }));
  });

  it("init asks twice, encrypts, and prints a recovery code that opens the store", async () => {
    openStore(join(dir, "store.db")).close();
    const made = await run(
      ["store", "protectors", "init", "--passphrase", "--folder", dir],
      [words, words],
    );
    expect(made).toMatchObject({
      code: 0,
      asked: ["hidden: new passphrase", "hidden: new passphrase, once more"],
    });
    expect(made.err).toContain("gateway.json");
    const code = made.out.trim();
    const added = await run(
      [
        "store",
        "protectors",
        "add",
        "--key-file",
        join(away, "key"),
        "--with",
        "recovery",
        "--folder",
        dir,
      ],
      [code],
    );
    expect(added).toMatchObject({ code: 0, asked: ["hidden: recovery code"] });
    expect(listProtectors(dir).map(({ name }) => name)).toEqual([
      "passphrase",
      "recovery",
      "key-file",
    ]);
    expect((await run(["store", "protectors", "ls", "--folder", dir])).out).toContain("key-file");
    expect(
      await run(["store", "protectors", "remove", "passphrase", "--folder", dir]),
    ).toMatchObject({ code: 0 });
    const rekeyed = await run([
      "store",
      "rekey",
      "--key-file",
      join(away, "other"),
      "--with",
      join(away, "key"),
      "--folder",
      dir,
    ]);
    expect(rekeyed.code).toBe(0);
    expect(rekeyed.out.trim()).not.toBe(code);
    expect(listProtectors(dir).map(({ name }) => name)).toEqual(["key-file", "recovery"]);
    expect(readFileSync(join(dir, "store-key.json"), "utf8")).not.toContain(code);
  }, 60_000);

  it("two passphrases that differ, a folder that is none, and no protector at all change nothing", async () => {
    const differ = await run(
      ["store", "protectors", "init", "--passphrase", "--folder", dir],
      [words, `${words}!`],
    );
    expect(differ.err).toContain("USAGE_INVALID");
    mkdirSync(join(dir, "empty"));
    expect(
      (await run(["store", "protectors", "ls", "--folder", join(dir, "empty")])).err,
    ).toContain("CONFIG_INVALID");
    expect((await run(["store", "protectors", "init", "--folder", dir])).err).toContain(
      "USAGE_INVALID",
    );
    expect(
      (await run(["store", "protectors", "init", "--key-file", join(dir, "key"), "--folder", dir]))
        .err,
    ).toContain("CONFIG_INVALID");
    expect(() => listProtectors(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});
