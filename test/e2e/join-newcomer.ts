import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";
import { answerRequest, giveKit, makeNewcomer, publishPart } from "./join-office.ts";

/** What a newcomer did, and how long the machine took for it. */
export interface NewcomerReport {
  /** Milliseconds of machine time, by step, from unpacking to the proofs of the first message. */
  readonly steps: Readonly<Record<string, number>>;
  /** What a person does meanwhile: commands typed, questions answered, things carried. */
  readonly commands: number;
  readonly questions: number;
  readonly carried: number;
  /** All that stood on the screen. */
  readonly screen: string;
}

const root = join(import.meta.dirname, "../..");
const newcomer = "sn/tcu";
const neighbour = "gh/tcu";
const patienceSeconds = 300;

/** A window in which one command runs. */
class Window {
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown>;
  said = "";

  constructor(cwd: string, words: readonly string[]) {
    this.child = spawn(process.execPath, [...words], { cwd, stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (data) => (this.said += String(data)));
    }
    this.#ended = once(this.child, "close");
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async says(what: RegExp): Promise<RegExpExecArray> {
    const look = (): RegExpExecArray | null => what.exec(this.said);
    await until(
      () => `the screen says ${String(what)}: ${this.said}`,
      () => look() !== null || this.isOver,
      patienceSeconds,
    );
    const found = look();
    if (found === null) throw new Error(`it ended: ${this.said}`);
    return found;
  }

  async end(): Promise<number> {
    await this.#ended;
    return this.child.exitCode ?? -1;
  }

  async close(): Promise<void> {
    if (!this.isOver) this.child.kill("SIGTERM");
    await this.#ended;
  }
}

/** A line from the README or the screen, as a person types it: `atumpan …` or `node …`. */
function wordsOf(line: string, more: readonly string[] = []): readonly string[] {
  const [program = "", ...words] = line.trim().split(/\s+/);
  const file = program === "atumpan" ? "deploy/atumpan.mjs" : (words.shift() ?? "");
  return [join(root, file), ...words, ...more];
}

/** The offices' side of one request: issue, publish, complete the answer. */
async function workOffice(world: World, request: string): Promise<string> {
  const ground = { ...groundOf(world) };
  const first = await answerRequest(ground, request);
  if (first.code !== 0) throw new Error(first.err);
  publishPart(ground, "sn-tcu.json");
  const { epoch } = world.register();
  await world.broker.refresh();
  await until(`epoch ${epoch} is in force`, () => world.broker.status().epoch === epoch);
  const second = await answerRequest(ground, request);
  if (!second.out.includes("is ready")) throw new Error(`${second.out}${second.err}`);
  return join(world.layout.home, "answer-sn-tcu");
}

function groundOf({ layout, offices, clock }: World): Pick<World, "layout" | "offices" | "clock"> {
  return { layout, offices, clock };
}

/** Plays the newcomer: he has the folder, the code that he was told, and what stands in the README and on the screen. */
async function play(world: World, cwd: string, windows: Window[]): Promise<NewcomerReport> {
  const open = (words: readonly string[]): Window => {
    const window = new Window(cwd, words);
    windows.push(window);
    return window;
  };
  const steps: Record<string, number> = {};
  let last = performance.now();
  const mark = (name: string): void => {
    const now = performance.now();
    steps[name] = now - last;
    last = now;
  };
  const kit = await giveKit(groundOf(world), { agency: newcomer, neighbour, out: "kit" }, "--readme", "en"); // prettier-ignore
  await world.gateway(neighbour);
  last = performance.now();
  cpSync(kit.folder, join(cwd, "kit"), { recursive: true });
  const readme = readFileSync(join(cwd, "kit", "README.txt"), "utf8");
  const [, line = ""] = /^1\. (atumpan .*)$/m.exec(readme) ?? [];
  const first = open(wordsOf(line.replace("FOLDER", "kit"), ["--port", String(await freePort())]));
  await first.says(/sixteen letters and digits\): $/);
  first.child.stdin?.write(`${kit.code}\n`);
  const [, next = ""] = await first.says(/: (atumpan join .* ANSWER)/);
  if ((await first.end()) !== 0) throw new Error(first.said);
  mark("folder, code, keys and request");
  const answer = await workOffice(world, join(cwd, "gateway", "join-request.json"));
  cpSync(answer, join(cwd, "answer"), { recursive: true });
  mark("the office's work");
  const second = open(wordsOf(next.replace("ANSWER", "answer")));
  const [, run = ""] = await second.says(/: (node gateways\/main\.ts --config \S+)/);
  mark("the answer is in");
  open(wordsOf(run));
  await second.says(/is on its way/);
  mark("gateway, link and doctor");
  if ((await second.end()) !== 0) throw new Error(second.said);
  mark("the first message, delivered and proved");
  const screen = `${first.said}${second.said}`;
  const questions = screen.split("sixteen letters and digits): ").length - 1;
  return { steps, commands: windows.length, questions, carried: 3, screen };
}

/** A small region with one agency that has yet to come, and the whole way of that agency, each program a process of its own. */
export async function playNewcomer(): Promise<NewcomerReport> {
  const clock = { now: () => Date.now() };
  const world = await startWorld({
    states: ["gh", "sn"],
    prepare: ({ layout, offices }) => {
      makeNewcomer({ layout, offices, clock }, newcomer);
      rmSync(layout.gateway(newcomer), { recursive: true });
      return Promise.resolve();
    },
  });
  const cwd = mkdtempSync(join(tmpdir(), "newcomer-"));
  const windows: Window[] = [];
  try {
    return await play(world, cwd, windows);
  } finally {
    for (const window of windows) await window.close();
    await world.stop();
    rmSync(cwd, { recursive: true, force: true });
  }
}
