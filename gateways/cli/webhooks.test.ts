import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { type HookWorld, startHookWorld } from "../../test/kit/hook-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";

let hooks: HookWorld;
let world: CliWorld;

beforeEach(async () => {
  hooks = await startHookWorld();
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]), () => ({ hooks: hooks.hooks.desk }));
}); // prettier-ignore

afterEach(() => hooks.stop());

const run = (...args: string[]) => world.run("--as", "ng/tcu", "webhook", ...args);
const add = async (...more: string[]): Promise<string> => {
  const { out } = await run("add", "https://cases.example/hook", ...more);
  return out.slice(0, 36);
};

describe("webhook", () => {
  it("add prints the secret once, and says so; ls does not", async () => {
    const { out, err, code } = await run("add", "https://cases.example/hook", "--type", "alert.incident", "fiu.request", "--box", "in", "--up-to", "H1", "--fat");
    expect(code).toBe(0);
    expect(out).toMatch(/^[0-9a-f-]{36} {2}ACTIVE\n {2}https:\/\/cases\.example\/hook\n {2}secret whsec_\S+\n$/);
    expect(err).toContain("shown this once");
    expect((await run("ls")).out).not.toContain("whsec_");
    expect(hooks.state(out.slice(0, 36))).toMatchObject({ types: ["alert.incident", "fiu.request"], boxes: ["in"], handlingUpTo: "H1", fat: true });
  }); // prettier-ignore

  it("test says how the call went: exit 0, or 8 when it was not taken", async () => {
    const id = await add();
    expect(await run("test", id)).toMatchObject({
      code: 0,
      out: expect.stringContaining("taken") as string,
    });
    hooks.answer = () => ({ status: 500 });
    expect(await run("test", id)).toMatchObject({
      code: 8,
      out: expect.stringContaining("500") as string,
    });
    const { out } = await run("attempts", id, "--limit", "1");
    expect(out).toMatch(/^2026-03-09 00:00 UTC {2}500 .*WEBHOOK_NOT_TAKEN/);
  });

  it("rotate, pause, resume, replay and rm do what they say", async () => {
    const id = await add();
    expect((await run("rotate", id, "--overlap", "2")).out).toContain("secret whsec_");
    expect((await run("pause", id)).out).toContain("PAUSED");
    expect((await run("resume", id)).out).toContain("ACTIVE");
    expect((await run("replay", id, "--since", "2026-03-09T00:00:00Z")).code).toBe(0);
    expect((await run("rm", id)).code).toBe(0);
    expect((await run("ls")).out).toBe("No webhooks.\n");
  });

  it("one that fails says since when, and one that is disabled why", async () => {
    const id = await add();
    hooks.answer = () => ({ status: 503 });
    await hooks.receive({});
    expect((await run("ls")).out).toContain("failing since 2026-03-09 00:00 UTC, next try");
    hooks.answer = () => ({ status: 410 });
    hooks.clock.move(10_000);
    await hooks.settled();
    expect((await run("ls")).out).toContain("DISABLED: its receiver said that it is gone");
    expect(id).toHaveLength(36);
  });

  it.each([
    ["an address that is not listed: exit 4", ["add", "https://other.example/"], 4],
    ["one that is not there: exit 5", ["test", "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b"], 5],
    ["replay from nowhere: exit 2", ["replay", "x"], 2],
  ])("%s", async (_, args, code) => {
    expect(await run(...args)).toMatchObject({ code });
  });
});
