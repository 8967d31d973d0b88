import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";

import { engineTrouble } from "../kit/container.ts";
import { until } from "../kit/server.ts";
import { type Composition, compose } from "./compose-file.ts";
import { agencies, makeComposeFolder } from "./compose-folders.ts";
import { haveImages, type ImageName } from "./images.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";
const isRoot = process.getuid?.() === 0;
const trouble = engineTrouble() ?? (isRoot ? undefined : "folders cannot be given to user 10001");
if (trouble !== undefined && isLong) {
  process.stderr.write(`skipped: the region of deploy/compose, because ${trouble}\n`);
}

const mostMs = 900_000;
const services = Object.keys(agencies) as (keyof typeof agencies)[];

describe.skipIf(trouble !== undefined || !isLong)("two hubs, five agencies and a witness, as deploy/compose/region/compose.yaml has them", () => {
  let folder: Awaited<ReturnType<typeof makeComposeFolder>>;
  let region: Composition;

  beforeAll(async () => {
    process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
    const images = haveImages(["hub", "gateway", "tools", "nats-server"]);
    folder = await makeComposeFolder();
    const imageOf = (image: string): string => images[image.replace(/^atumpan\/([a-z-]+):.*$/, "$1") as ImageName];
    region = await compose(folder.folder, `atumpan-${process.pid}`, imageOf);
  }, mostMs);

  afterAll(async () => {
    await region?.remove();
    folder?.remove();
  });

  /** A command of an agency's own tools, beside its gateway. */
  const ask = (service: string, ...args: readonly string[]): ReturnType<Composition["run"]> => region.run(`${service}-tools`, ...args);
  const tellAll = async (): Promise<void> => {
    for (const [name, program] of region.running) process.stderr.write(`== ${name}\n${await program.logs()}\n`);
  };

  it("every program runs, and each of them that is asked says that it is well", async () => {
    onTestFailed(tellAll);
    expect([...region.running.keys()].toSorted()).toEqual([...services, "hub-one", "hub-one-server", "hub-two", "hub-two-server", "witness"].toSorted());
    for (const [name, program] of region.running) {
      let health: string | undefined;
      await until(() => `${name} is well: ${health}`, async () => {
        const { State } = await program.inspect();
        health = State.Health?.Status;
        return State.Running && (health === undefined || health === "healthy");
      });
    }
  }, mostMs);

  it("an alert from Lagos is held, verified, in Accra, and Lagos knows it", async () => {
    onTestFailed(tellAll);
    for (const service of services) await until(`${service} has its link`, async () => (await ask(service, "status", "--json")).out.includes('"linkUp":true'));
    const sent = await ask("ng-tcu", "message", "send", "/data/alert.json");
    expect(sent).toMatchObject({ code: 0 });
    const [id = ""] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(sent.out) ?? [];
    await until("Accra holds it", async () => (await ask("gh-tcu", "inbox", "ls")).out.includes(id));
    await until("Lagos knows", async () => /"kind":"DELIVERED","by":"gh\/tcu"/.test((await ask("ng-tcu", "message", "show", id, "--json")).out));
    expect((await ask("ke-tcu", "inbox", "ls")).out).not.toContain(id);
  }, mostMs);

  it("the witness cosigns what hub one says of its log", async () => {
    const witness = region.running.get("witness")!;
    await until("it cosigned", async () => /au\/hub-one: cosigned \d+ entries/.test(await witness.logs()));
  }, mostMs);

  it("asked to end, each ends by itself", async () => {
    const ended = await region.end();
    expect(Object.entries(ended).filter(([, code]) => code !== 0)).toEqual([]);
  }, mostMs);
}); // prettier-ignore
