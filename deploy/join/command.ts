import { resolve } from "node:path";

import { type Command, InvalidArgumentError } from "commander";

import { type Desk, exitCodes, type Start } from "../../gateways/cli/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { Fault, isFault } from "../../schemas/ground/index.ts";
import { parseCode } from "./code.ts";
import { holdDrill } from "./drill.ts";
import { checkNewHome, makeHome, readJoinState, requestFile } from "./home.ts";
import { checkKitTime, type FoundKit, proveKit, readKitFolder } from "./open-kit.ts";
import { takeAnswer } from "./take-answer.ts";
import { makeSay, type Say } from "./words.ts";

interface Options {
  readonly into: string;
  readonly answer?: string;
  readonly port?: number;
  readonly wait: number;
}

interface Join {
  readonly desk: Desk;
  readonly folder: string;
  readonly home: string;
  readonly found: FoundKit;
  readonly options: Options;
  readonly say: Say;
}

const minuteMs = 60_000;
const tries = 3;

/** A slip of the pen is asked again; a code that is one and does not fit is not. */
async function askCode({ desk, say }: Join): Promise<string> {
  const { world, common } = desk;
  if (world.ask === undefined || common.input === false) {
    throw new Fault("USAGE_INVALID", "the code is asked for, and nobody is asked here");
  }
  for (let left = tries; ; left -= 1) {
    try {
      return parseCode(await world.ask(say("join.ask"), false));
    } catch (error) {
      if (!isFault(error, "KIT_CODE_WRONG") || left === 1) throw error;
      desk.say(say("join.slip"));
    }
  }
}

function day(at: number): string {
  return renderInstant(at).slice(0, 10);
}

async function begin(join: Join): Promise<number> {
  const { desk, folder, home, found, options, say } = join;
  checkNewHome(home);
  const { agency, madeBy, madeAt, endsAt } = found.kit;
  desk.say(say("join.kit", { agency, office: madeBy, date: day(madeAt), until: day(endsAt) }));
  const proved = proveKit(found, await askCode(join));
  desk.say(say("join.proved", { epoch: proved.register.epoch, office: madeBy }));
  await makeHome(home, proved, options.port);
  const request = `${options.into}/${requestFile}`;
  const next = `atumpan join ${folder} --into ${options.into} --answer ANSWER`;
  const words = [say("join.made", { folder: options.into }), say("join.carry", { file: request }), say("join.next", { command: next })];
  desk.result({ agency, folder: home, request: resolve(home, requestFile), next }, words.join("\n"));
  return exitCodes.ok;
} // prettier-ignore

/** Goes on where it stopped: an answer that is in is not asked for again. */
async function finish(join: Join, answer: string): Promise<number> {
  const { desk, home, found, options, say } = join;
  const state = readJoinState(home);
  if (state === undefined) throw new Fault("USAGE_INVALID", `${home} was not begun here; first without --answer`); // prettier-ignore
  if (state.key !== undefined) {
    const place = { home, state, found, now: desk.world.clock.now() };
    const { epoch } = takeAnswer(resolve(desk.world.cwd, answer), place);
    desk.say(say("join.installed", { epoch }));
  }
  desk.say(say("join.start", { folder: options.into }));
  const place = { home, kit: found.kit, waitMs: options.wait * minuteMs, say };
  const report = await holdDrill(desk, place);
  desk.result({ agency: found.kit.agency, ...report }, say("join.done", { agency: found.kit.agency })); // prettier-ignore
  return exitCodes.ok;
}

async function run(desk: Desk, folder: string, options: Options): Promise<number> {
  const { world, common } = desk;
  const found = readKitFolder(resolve(world.cwd, folder));
  checkKitTime(found.kit, world.clock.now(), options.answer !== undefined);
  const home = resolve(world.cwd, options.into);
  const say = makeSay(common.lang ?? "en");
  const join = { desk, folder, home, found, options, say };
  return options.answer === undefined ? await begin(join) : await finish(join, options.answer);
}

function wholeUpTo(most: number): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`It is a whole number up to ${most}.`);
  };
}

/**
 * Adds `join`: what a new agency does with its kit, in two steps. Nothing is written before the folder, the code and this
 * machine's clock were checked; private keys are made here and stay here.
 */
export function addJoin(program: Command, start: Start): void {
  program
    .command("join <kit>")
    .description("become a member with a join kit: its folder, and the code that came another way")
    .option("--into <folder>", "the gateway's new folder", "gateway")
    .option("--answer <folder>", "what the office sent back; without it the request is made")
    .option("--port <port>", "where the gateway answers people on this machine", wholeUpTo(65_535))
    .option(
      "--wait <minutes>",
      "how long gateway, link and proofs are waited for",
      wholeUpTo(1_440),
      30,
    ) // prettier-ignore
    .action((kit: string, options: Options) =>
      start(program.opts(), (desk) => run(desk, kit, options)),
    );
}
