import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemChance, silentLog } from "../../schemas/ground/index.ts";
import { openStore, type Store } from "../store/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makeTlsPair } from "../../test/kit/tls-pair.ts";
import { openPeople } from "../people-desk.ts";

let dir = "";
let store: Store;
let world: CliWorld;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "people-cli-"));
  store = openStore(join(dir, "store.db"));
  const clock = makeStillClock(Date.UTC(2026, 2, 9, 14, 5));
  const audit = { add: (): void => undefined };
  const { service } = openPeople({ store, audit, clock, chance: systemChance, log: silentLog });
  const directory = { agencies: () => [], servedRecs: () => [] };
  world = makeCliWorld(["ng/tcu"], directory, () => ({ people: service }));
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

function activate(): string {
  const [person] = store.people.all();
  if (person === undefined) throw new Error("nobody was invited");
  void store.write(() => store.people.put({ ...person, state: "active" }));
  return person.id;
}

describe("people", () => {
  it("invite prints a code once; ls shows who was invited and no code", async () => {
    expect((await world.run("people", "ls")).out).toBe("Nobody was invited yet.\n");
    const { code, out } = await world.run("people", "invite", "A. Mensah", "--role", "administrator", "--up-to", "H0", "--reads", "en", "fr");
    expect(code).toBe(0);
    expect(out).toMatch(/\nOne-time code, shown this once, until .*:\n[\w-]{43}\n$/);
    const listed = await world.run("people", "ls");
    expect(listed.out).toMatch(/invited {4}H0 {2}A\. Mensah\n {2}administrator; 0 passkeys\n/);
  }); // prettier-ignore

  it("once there is an administrator, what gives anything waits: exit 9, and the next command", async () => {
    await world.run("people", "invite", "A. Mensah", "--role", "administrator");
    activate();
    const { code, out } = await world.run("people", "invite", "K. Boateng", "--role", "officer");
    expect(code).toBe(9);
    const id = /people agree ([\w-]{36})/.exec(out)?.[1] ?? "";
    expect((await world.run("people", "changes")).out).toContain(`${id}  INVITE by owner`);
    expect(await world.run("people", "agree", id)).toMatchObject({ code: 4 });
    expect(await world.run("people", "refuse", id)).toMatchObject({ code: 0 });
    expect((await world.run("people", "changes")).out).toBe("Nothing waits.\n");
  });

  it.each([["suspend"], ["remove"]])("%s of the last administrator is refused: exit 6", async (verb) => {
    await world.run("people", "invite", "A. Mensah", "--role", "administrator");
    const id = activate();
    const { code, err } = await world.run("people", verb, id);
    expect(code).toBe(6);
    expect(err).toMatch(/Code LAST_ADMINISTRATOR/);
  }); // prettier-ignore

  it("nobody of this id: exit 5", async () => {
    expect(await world.run("people", "code", "0190aaaa-0000-7000-8000-000000000000")).toMatchObject({ code: 5 });
  }); // prettier-ignore

  it("an unknown role is a wrong use: exit 2", async () => {
    expect(await world.run("people", "invite", "X", "--role", "chief")).toMatchObject({ code: 2 });
  });
});

describe("machine", () => {
  it("add prints a secret once, rotate another, rm removes it", async () => {
    const added = await world.run(
      "machine",
      "add",
      "case system",
      "--role",
      "integrator",
      "--json",
    );
    const { id, proof } = JSON.parse(added.out) as { id: string; proof: { secret: string } };
    expect(proof.secret).toMatch(/^[\w-]{43}$/);
    const rotated = await world.run("machine", "rotate", id);
    expect(rotated.out).toMatch(/Secret, shown this once:\n[\w-]{43}\n$/);
    const listed = await world.run("machine", "ls");
    expect(listed.out).toMatch(/case system\n {2}integrator; SECRET, SECRET until /);
    expect(listed.out).not.toContain(proof.secret);
    expect(await world.run("machine", "rm", id)).toMatchObject({ code: 0 });
    expect((await world.run("machine", "ls")).out).toBe("No machine was let in yet.\n");
  });

  it("a certificate is written down by its digest; a file that is none is refused", async () => {
    const { certificatePem } = await makeTlsPair("case-system");
    writeFileSync(join(world.dir, "client.pem"), certificatePem);
    const args = ["machine", "add", "m", "--role", "integrator"];
    expect(await world.run(...args, "--certificate", "client.pem")).toMatchObject({ code: 0 });
    expect((await world.run("machine", "ls")).out).toContain("CERTIFICATE");
    writeFileSync(join(world.dir, "other.pem"), "nothing");
    expect(await world.run(...args, "--certificate", "other.pem")).toMatchObject({ code: 2 });
    expect(await world.run(...args, "--certificate", "a", "--key", "b")).toMatchObject({ code: 2 });
  });
});
