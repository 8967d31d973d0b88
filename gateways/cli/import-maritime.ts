import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { resolve } from "node:path";

import { z } from "zod";

import { Fault, isFault, isFaultCode, toFault } from "../../schemas/ground/index.ts";
import type { Directory } from "../api/index.ts";
import { importKey, type Plan, planRow, readMaritimeRows } from "../formats/index.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import {
  countOne,
  makeTally,
  renderListed,
  renderTally,
  type Tally,
  tallyJson,
} from "./import-tally.ts";
import { makeLanes } from "./lanes.ts";
import { type Progress, startProgress } from "./progress.ts";
import { sendPatiently } from "./send-patiently.ts";
import { directoryShape } from "./shapes.ts";
import { makeSlots, type Slots } from "./slots.ts";
import { sayOf } from "./words.ts";

/** What a person said about one import. */
export interface ImportOptions {
  readonly asGateway?: string;
  readonly report?: string;
  readonly inFlight: number;
  /** Every row is read and judged by its gateway, and none is stored. */
  readonly dryRun?: true;
}

/** Rows that wait for their gateway at most: about a kilobyte each. */
const maxWaiting = 20_000;
const verdictShape = z.looseObject({
  valid: z.boolean(),
  problems: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
});
const submittedShape = z.object({ id: z.string(), created: z.boolean().default(true) });

async function digestFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(file))
      hash.update(z.instanceof(Buffer).parse(piece));
  } catch (error) {
    throw toFault(error, "IMPORT_FILE_UNREADABLE", `${file} cannot be read`);
  }
  return hash.digest("hex");
}

async function askDirectory(desk: Desk, asGateway: string | undefined): Promise<Directory> {
  const contexts = desk.contexts();
  const name = asGateway ?? desk.common.as ?? desk.common.context ?? desk.world.context;
  // every gateway holds the same register, so without a name any of them can say who is who
  const any = name === undefined ? contexts[0] : contexts.find((context) => context.name === name);
  const client = desk.clientOf(any ?? desk.chosen());
  const { clock, signal, chance } = desk.world;
  // who is in the middle of starting is waited for, as with every row
  const told = await sendPatiently(() => client.askFor(directoryShape, { path: "/v1/directory" }), {
    clock,
    signal,
    chance,
    onWait: ({ detail }) => desk.say(`Waiting: ${detail}.`),
  });
  return { agencies: () => told.agencies, servedRecs: () => told.servedRecs };
}

interface Job {
  readonly line: number;
  readonly plan: Plan;
}

/** Where rows that are not sent are written to. */
interface Listing {
  add(line: number, fault: Fault): void;
  end(): Promise<void>;
}

async function startListing(desk: Desk, report: string | undefined): Promise<Listing> {
  if (report === undefined) {
    const add = (line: number, fault: Fault): void => desk.world.out(renderListed(line, fault));
    return { add, end: () => Promise.resolve() };
  }
  const file = createWriteStream(resolve(desk.world.cwd, report));
  try {
    await once(file, "open");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${report} cannot be written`);
  }
  return {
    add: (line, fault) => void file.write(renderListed(line, fault)),
    end: async () => {
      file.end();
      await once(file, "finish");
    },
  };
}

interface Import {
  readonly desk: Desk;
  readonly digest: string;
  readonly tally: Tally;
  readonly listing: Listing;
  readonly progress: Progress;
  /** The client of an agency's gateway. @throws {Fault} IMPORT_ROW_NO_REPORTER, CONFIG_INVALID */
  readonly clientOf: (agency: string) => Client;
  readonly slots: Slots;
  readonly isTrial: boolean;
}

function list({ tally, listing }: Import, line: number, fault: Fault): void {
  tally.listed += 1;
  countOne(tally.byCode, fault.code);
  listing.add(line, fault);
}

/** Each context's client is made when it is first needed: a broken context nobody needs breaks nothing. */
function makeClients(desk: Desk): (agency: string) => Client {
  const clients = new Map<string, Client>();
  return (agency) => {
    const held = clients.get(agency);
    if (held !== undefined) return held;
    const context = desk.contexts().find(({ name }) => name === agency);
    if (context === undefined) {
      throw new Fault("IMPORT_ROW_NO_REPORTER", `no context is named ${agency}`);
    }
    const client = desk.clientOf(context);
    clients.set(agency, client);
    return client;
  };
}

/** Asks the gateway whether it would take a row; nothing is stored. */
async function judge({ clientOf }: Import, { reporter, submission }: Plan): Promise<{ created: boolean }> {
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/messages:validate", headers, body: JSON.stringify(submission) } as const;
  const { valid, problems } = await clientOf(reporter).askFor(verdictShape, question);
  if (valid) return { created: true };
  const violations = problems.map(({ path, code, message }) => ({ path, code: isFaultCode(code) ? code : "SCHEMA_INVALID" as const, message }));
  throw new Fault(violations[0]?.code ?? "SCHEMA_INVALID", violations[0]?.message ?? "it is not valid", { violations });
} // prettier-ignore

async function store({ clientOf, digest }: Import, { line, plan }: Job): Promise<{ created: boolean }> {
  return await clientOf(plan.reporter).askFor(submittedShape, {
    method: "POST",
    path: "/v1/messages",
    headers: {
      "content-type": "application/json",
      "idempotency-key": importKey(digest, line),
    },
    body: JSON.stringify(plan.submission),
  });
} // prettier-ignore

async function send(run: Import, job: Job): Promise<void> {
  const { desk, tally, progress, slots } = run;
  const { line, plan } = job;
  const post = async (): Promise<{ created: boolean }> =>
    await (run.isTrial ? judge(run, plan) : store(run, job));
  try {
    const { created } = await sendPatiently(() => slots(post), {
      ...desk.world,
      onWait: (fault) => progress.waits(plan.reporter, fault.code),
    });
    progress.answers(plan.reporter);
    tally[created ? "created" : "already"] += 1;
    countOne(tally.byReporter, plan.reporter);
    for (const rec of plan.submission.recs ?? []) countOne(tally.byRec, rec);
  } catch (error) {
    if (!isFault(error) || desk.world.signal.aborted) throw error;
    list(run, line, error);
  }
}

async function readAndSend(
  run: Import,
  file: string,
  options: { directory: Directory; perLane: number },
): Promise<void> {
  const { directory, perLane } = options;
  const act = (job: Job): Promise<void> => send(run, job);
  const lanes = makeLanes<Job>({ perLane, maxWaiting, act });
  for await (const row of readMaritimeRows(createReadStream(file))) {
    if (run.desk.world.signal.aborted) break;
    run.tally.read += 1;
    const plan = "fault" in row ? row.fault : planRow(row, directory);
    if (isFault(plan)) list(run, row.line, plan);
    else await lanes.push(plan.reporter, { line: row.line, plan });
    run.progress.tick();
  }
  await lanes.finish();
}

/**
 * Sends every row of a "Crime at Sea" file that concerns a served community, each from the maritime centre
 * concerned, and lists every other with its line and code. Run again, or after a crash, it sends nothing
 * twice. A gateway that is down is waited for while the others go on.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE, CONTEXT_UNKNOWN, and what the directory's gateway says
 */
export async function runImportMaritime(
  desk: Desk,
  file: string,
  options: ImportOptions,
): Promise<number> {
  const path = resolve(desk.world.cwd, file);
  const digest = await digestFile(path);
  const directory = await askDirectory(desk, options.asGateway);
  const tally = makeTally();
  const listing = await startListing(desk, options.report);
  const progress = startProgress(desk, tally);
  try {
    const inFlight = Math.max(1, options.inFlight);
    const slots = makeSlots(inFlight);
    const isTrial = options.dryRun === true;
    const run = {
      desk,
      digest,
      tally,
      listing,
      progress,
      clientOf: makeClients(desk),
      slots,
      isTrial,
    };
    // half of the slots to one lane at most: a gateway that hangs does not hold them all
    await readAndSend(run, path, { directory, perLane: Math.ceil(inFlight / 2) });
  } finally {
    progress.end();
    await listing.end();
    if (desk.world.signal.aborted) desk.say("Stopped. Run the same command again to go on.");
  }
  if (desk.world.signal.aborted) return exitCodes.interrupted;
  const trial = options.dryRun === true ? { dryRun: true } : {};
  const first = options.dryRun === true ? `${sayOf(desk)("dry.sent")}\n` : "";
  desk.result({ ...trial, ...tallyJson(tally) }, `${first}${renderTally(tally)}`);
  return exitCodes.ok;
}
