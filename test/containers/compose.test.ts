import { get } from "node:https";

import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";

import { engineTrouble } from "../kit/container.ts";
import { freePort, until } from "../kit/server.ts";
import { composeByCommand, findComposeCommand } from "./compose-command.ts";
import { type Composition, compose } from "./compose-file.ts";
import { agencies, makeComposeFolder, makeMinistryFolder } from "./compose-folders.ts";
import { haveImages, type ImageName } from "./images.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";
const isRoot = process.getuid?.() === 0;
const trouble = engineTrouble() ?? (isRoot ? undefined : "folders cannot be given to user 10001");
if (trouble !== undefined && isLong) {
  process.stderr.write(`skipped: the region of deploy/compose, because ${trouble}\n`);
}

const command = findComposeCommand();
if (trouble === undefined && isLong) {
  const how =
    command === undefined
      ? "our own reader of compose.yaml, since docker compose 2.24 or newer is not here"
      : command.join(" ");
  process.stderr.write(`the region of deploy/compose is started by ${how}\n`);
}

const mostMs = 900_000;
const services = Object.keys(agencies) as (keyof typeof agencies)[];

/** As a browser of an officer asks it, from outside of the container. */
async function askLive(port: number, ca: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    get(`https://localhost:${port}/livez`, { ca }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
  });
} // prettier-ignore

describe.skipIf(trouble !== undefined || !isLong)("two hubs, five agencies and a witness, as deploy/compose/region/compose.yaml has them", () => {
  let folder: Awaited<ReturnType<typeof makeComposeFolder>>;
  let region: Composition;
  let imageOf: (image: string) => string;
  const run = `atumpan-${process.pid}`;

  beforeAll(async () => {
    process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
    const images = haveImages(["hub", "gateway", "tools", "nats-server"]);
    folder = await makeComposeFolder();
    imageOf = (image) => images[image.replace(/^atumpan\/([a-z-]+):.*$/, "$1") as ImageName];
    const order = { folder: folder.folder, run, imageOf };
    region = await (command === undefined ? compose(order.folder, run, imageOf) : composeByCommand({ ...order, command }));
  }, mostMs);

  afterAll(async () => {
    await region?.remove();
    folder?.remove();
  });

  /** A command of an agency's own tools, beside its gateway. */
  const ask = (service: string, ...args: readonly string[]): ReturnType<Composition["run"]> => region.run(`${service}-tools`, ...args);
  const tell = async ({ running }: Composition): Promise<void> => {
    for (const [name, program] of running) process.stderr.write(`== ${name}\n${await program.logs()}\n`);
  };
  const tellAll = async (): Promise<void> => await tell(region);
  const beWell = async ({ running }: Composition): Promise<void> => {
    for (const [name, program] of running) {
      let health: string | undefined;
      await until(() => `${name} is well: ${health}`, async () => {
        const { State } = await program.inspect();
        health = State.Health?.Status;
        return State.Running && (health === undefined || health === "healthy");
      });
    }
  };

  it("every program runs, and each of them that is asked says that it is well", async () => {
    onTestFailed(tellAll);
    expect([...region.running.keys()].toSorted()).toEqual([...services, "hub-one", "hub-one-server", "hub-two", "hub-two-server", "witness"].toSorted());
    await beWell(region);
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

  it.skipIf(command === undefined)("the ministry's gateway, moved to deploy/compose/ministry, goes on: it sends, and its officers reach it from outside", async () => {
    expect(await region.endOne("ng-tcu")).toBe(0);
    const { folder: own, caPem } = await makeMinistryFolder(folder.folder, "ng-tcu");
    const port = await freePort();
    const lines = { office: {}, line: { external: true, name: `${run}_ng-tcu` } };
    const more = `${JSON.stringify({ networks: lines }).slice(0, -1)}, "services": {"gateway": {"networks": ["office", "line"], "ports": !override ["127.0.0.1:${port}:8443"]}}}`;
    const ministry = await composeByCommand({ command: command!, folder: own, run: `${run}-ministry`, imageOf, more });
    try {
      onTestFailed(async () => await tell(ministry));
      expect([...ministry.running.keys()]).toEqual(["gateway"]);
      await beWell(ministry);
      await until("it has its link", async () => (await ministry.run("tools", "status", "--json")).out.includes('"linkUp":true'));
      const sent = await ministry.run("tools", "message", "send", "/data/alert.json");
      expect(sent).toMatchObject({ code: 0 });
      const [id = ""] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(sent.out) ?? [];
      await until("Accra holds it", async () => (await ask("gh-tcu", "inbox", "ls")).out.includes(id));
      expect(await askLive(port, caPem)).toBe(200);
      expect(await ministry.end()).toEqual({ gateway: 0 });
    } finally {
      await ministry.remove();
    }
  }, mostMs);

  it("asked to end, each ends by itself", async () => {
    const ended = await region.end();
    expect(Object.entries(ended).filter(([, code]) => code !== 0)).toEqual([]);
  }, mostMs);
}); // prettier-ignore
