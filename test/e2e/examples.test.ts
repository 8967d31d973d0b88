import { spawn } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { faults } from "../../schemas/ground/index.ts";
import {
  findBlocks,
  findLanguages,
  findTroubles,
  type Language,
  root,
  translateLine,
} from "../kit/client-readme.ts";
import { openGatewayHttp } from "../kit/gateway-http.ts";
import { type RegionProcess, startRegionProcess } from "../kit/region-process.ts";
import { freePort, until } from "../kit/server.ts";
import { describeWork } from "./cli-work.ts";
import { describeLog } from "./log-work.ts";

const examples = join(root, "gateways/client/examples");
const languages = findLanguages();
let region: RegionProcess;

beforeAll(async () => {
  region = await startRegionProcess();
  // the project's folder has its packages; so has this one
  symlinkSync(join(root, "node_modules"), join(region.home, "node_modules"));
  const http = openGatewayHttp(region.home);
  // what is sent before stays QUEUED a while, which a person sees and this page does not tell
  for (const agency of ["gh/tcu", "ng/tcu", "sn/tcu", "ecowas/centre"])
    await until(
      `${agency} has its link`,
      async () => (await http.status(agency))?.linkUp === true,
      150,
    );
}, 300_000);

afterAll(async () => {
  await region?.remove();
});

interface Told {
  readonly code: number | null;
  readonly out: string;
}

/** Runs lines as one shell, as somebody who types them; what keeps running ends with it. */
async function runShell(lines: readonly string[]): Promise<Told> {
  const shell = spawn("bash", ["-u"], { cwd: region.home, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (data) => (out += String(data)));
  const { promise, resolve } = Promise.withResolvers<Told>();
  shell.once("close", (code) => resolve({ code, out }));
  shell.stdin.end(["set -e", "PS4='+ $SECONDS s: '", "set -x", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT", ...lines].join("\n"));
  return await promise;
} // prettier-ignore

/** Where this region and these files are, instead of where the page has them. */
function place(line: string, name: string, port: number): string {
  return line
    .replaceAll("npx atumpan", `"${process.execPath}" "${root}/deploy/atumpan.mjs"`)
    .replaceAll("npx node", `exec_node`)
    .replaceAll("gateways/client/", `${root}/gateways/client/`)
    .replaceAll(".atumpan/accra", `.atumpan/${name.toLowerCase()}`)
    .replaceAll(/127\.0\.0\.1:74(\d\d)/g, (_, n: string) => `127.0.0.1:${region.base + Number(n)}`)
    .replaceAll("9104", String(port))
    .replaceAll("exec_node", process.execPath)
    .replaceAll(/\b(alert|wrong)-1\b/g, `$1-${name}`);
}

/** A line that keeps running goes to the background with a log of its own; one that is to be refused must be. */
function renderLine(line: string): string {
  const [command = "", comment = ""] = line.split(/ +# /);
  if (comment === "says no") return `if ${command}; then echo "this was not refused"; exit 9; fi`;
  // on a slow machine the hub has not said yet that it holds it
  if (line.startsWith("ID=")) return `${line} || test $? -eq 7`;
  const log = /[Rr]eceive/.test(command) ? "receive.log" : "follow.log";
  return comment === "keeps running" ? `${command} > ${log} 2>&1 & kept=$!; sleep 2` : line;
}

/** What a background command said; nothing when it was never started. */
function readLog(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function normalise(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/ +$/gm, "");
}

/** After the page's last command: the one that follows is cut off, Lagos asks again, and it is started again. */
function restart(language: Language, lagos: string): readonly string[] {
  return [
    "# after the story",
    'until grep -q "stored in VERIFIED $ID" follow.log && [ -s cursor ]; do sleep 0.2; done',
    "sleep 1; kill -9 $kept; wait $kept 2>/dev/null || true",
    `${lagos.replace("ID=", "SECOND=")} || test $? -eq 7`,
    translateLine(language, "python3 examples/python/follow.py > again.log 2>&1 &"),
    'until grep -q "stored in VERIFIED $SECOND" again.log; do sleep 0.2; done',
    'if grep -q "stored in VERIFIED $ID" again.log; then echo "told twice"; exit 9; fi',
  ];
}

const story = findBlocks("An afternoon");
const commands = story.filter(({ kind }) => kind === "sh").flatMap(({ lines }) => lines);
const lagosAsks = commands.find((line) => line.startsWith("ID=")) ?? "";

async function runStory(language: Language): Promise<Told & { readonly folder: string }> {
  const port = await freePort();
  const own = commands.slice(1).map((line) => translateLine(language, renderLine(line)));
  const [first = "", ...more] = own;
  const lines = [first, language.once, ...more, ...restart(language, lagosAsks)];
  const told = await runShell(lines.map((line) => place(line, language.name, port)));
  return { ...told, folder: join(region.home, ".atumpan", language.name.toLowerCase()) };
}

describe("an afternoon, as the page of the client tells it", () => {
  it("begins with the start of a region and has a command for each of its steps", () => {
    expect(commands[0]).toBe("npm start   # keeps running");
    expect(story.length).toBeGreaterThanOrEqual(9);
    expect(languages.map(({ name }) => name)).toEqual(["Python", "TypeScript", "PHP", "Java"]);
  });

  for (const language of languages) {
    const { name, missing } = language;
    it.skipIf(missing !== undefined)(`works in ${name}, command by command${missing === undefined ? "" : ` (${missing})`}`, async () => {
      const began = performance.now();
      const { code, out, folder } = await runStory(language);
      const logs = ["receive.log", "follow.log"].map((log) => readLog(join(folder, log)));
      expect(code, [out, ...logs].join("\n")).toBe(0);
      const said = normalise([out, ...logs].join("\n")).split("\n");
      const promised = story.filter(({ kind }) => kind === "text").flatMap(({ lines }) => lines);
      expect(said).toEqual(expect.arrayContaining(promised.map(normalise)));
      const [kept = ""] = readdirSync(join(folder, "inbox"));
      expect(JSON.parse(readFileSync(join(folder, "inbox", kept), "utf8"))).toMatchObject({ originator: "ng/tcu" });
      const seconds = (ms: number): string => (ms / 1000).toFixed(0);
      console.log(`${name}: ${seconds(performance.now() - began)} s, after ${seconds(region.readyAfterMs)} s for the region`);
    }, 180_000);

    it.skipIf(missing !== undefined)(`in ${name} the owner's token does as well, and a wrong one is refused by its code`, async () => {
      const folder = join(region.home, ".atumpan", `owner-${name}`);
      mkdirSync(folder);
      const write = (tokenFile: string): void => {
        const url = "http://127.0.0.1:7411";
        writeFileSync(join(folder, "access.json"), place(JSON.stringify({ url, tokenFile }), name, 0));
      };
      writeFileSync(join(folder, "wrong"), "nobody's");
      const once = `ln -sfn ${examples} examples; ${language.once}`;
      const ask = place(translateLine(language, "python3 examples/python/gateway.py GET /v1/messages?limit=1"), name, 0);
      write("../gateways/gh/tcu/api-token");
      // TypeScript is resolved by the file's own place
      expect(await runShell([`cd ${folder}`, once, ask])).toMatchObject({ code: 0, out: expect.stringContaining('"items"') });
      write("wrong");
      const refused = await runShell([`cd ${folder}`, ask]);
      expect(refused.code).toBe(1);
      expect(refused.out).toContain("NOT_AUTHENTICATED");
    });
  } // prettier-ignore
});

describe("the page's other promises", () => {
  it("the signature by hand is what the specification says", async () => {
    const [commandBlock, textBlock] = findBlocks("A signature by hand");
    const { code, out } = await runShell(commandBlock!.lines);
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual(expect.arrayContaining([...textBlock!.lines]));
  });

  it("every trouble is a code of ours", () => {
    const troubles = findTroubles();
    expect(troubles.length).toBe(10);
    expect(troubles.filter((code) => !Object.hasOwn(faults, code))).toEqual([]);
  });

  it("a task is at most thirty lines, without blank ones, comments and imports", () => {
    const tasks = globSync("*/{send,receive,answer,follow,webhook,Send,Receive,Answer,Follow,Webhook}.*", { cwd: examples });
    expect(tasks.length).toBe(20);
    const long = tasks.filter((file) => {
      const lines = readFileSync(join(examples, file), "utf8").split("\n");
      return lines.filter((line) => !/^\s*(?:$|import |from |\/\/|\/\*|"""|<\?php|require )/.test(line)).length > 30;
    });
    expect(long).toEqual([]);
  }); // prettier-ignore
});

describeWork(() => region);
describeLog(() => region);
