import { judge, makeKnown } from "../../../broker/admission/index.ts";
import { mailboxOwners } from "../../../broker/nats/index.ts";
import { verifyInside } from "../../../gateways/exchange/verify/inside.ts";
import { verifyOutside } from "../../../gateways/exchange/verify/outside.ts";
import {
  compose,
  makeSlip,
  parseSubmission,
  renderPublication,
} from "../../../gateways/release/index.ts";
import { planRow, readMaritimeRows, type ReadRow } from "../../../gateways/formats/index.ts";
import {
  intakePrefix,
  limits,
  outSubject,
  parseIntakeSubject,
  parseJsonText,
  storedSubject,
} from "../../../schemas/index.ts";
import { type Bytes, makeSeededChance, renderUuid, utf8 } from "../../../schemas/ground/index.ts";
import { believesAll } from "../../kit/believes-all.ts";
import { findFixtureKey, fixtureAudienceKey } from "../../kit/fixture-audience.ts";
import { keptFromNobody } from "../../kit/kept-from-nobody.ts";
import {
  makeCoastDirectory,
  makeMaritimeRow,
  renderMaritimeFile,
} from "../../kit/maritime-rows.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { keysOf } from "../insider.ts";
import { Broken, certain, hold, holdSame } from "../promises.ts";
import { makeSubmissions } from "../submissions.ts";
import { jsonTarget, type Target, textOf } from "../target.ts";

const chance = makeSeededChance("fuzz submissions");

/** What our own gateway sends, the hub admits and every reader of its audience takes. */
async function checkSent(ground: FuzzGround, json: unknown, sender: string): Promise<void> {
  const { view, world } = ground;
  const { signer } = world.agency(sender);
  const place = { register: view, agency: sender, now: fuzzNow, chance, believes: believesAll, keptByReference: keptFromNobody, audienceKey: fixtureAudienceKey };
  const draft = parseSubmission(json, place);
  const composed = await compose(draft, signer, place);
  const { originator, id } = composed.envelope;
  const bench = {
    register: view,
    now: fuzzNow,
    known: makeKnown(10),
    quota: { take: () => true },
    mailboxes: mailboxOwners(view, fuzzNow),
    instances: new Map([
      ["FEED_ECOWAS", "one"],
      ["DIRECT", "two"],
    ]),
  };
  for (const channel of composed.channels) {
    const slip = makeSlip(composed, { channel, end: { series: 1, sequence: 0, voided: [] } }, signer);
    const bytes = renderPublication(slip, composed.message);
    const subject = outSubject(channel).replace(/^out\./, intakePrefix(sender));
    const verdict = judge({ bytes, place: parseIntakeSubject(subject) }, bench);
    if (verdict.kind === "refused") throw new Broken("the hub refuses what we send", { cause: verdict.fault });
    hold(verdict.kind === "admitted", `what we send is ${verdict.kind}`);
    await checkRead(ground, { bytes, subject: storedSubject(channel, originator, renderUuid(id)) }, draft.audience);
  }
} // prettier-ignore

async function checkRead(
  ground: FuzzGround,
  met: { readonly bytes: Bytes; readonly subject: string },
  audience: readonly string[],
): Promise<void> {
  const channel = met.subject.startsWith("direct.");
  for (const agency of audience) {
    const own = { agency, keys: keysOf(ground, agency), findContentKey: findFixtureKey };
    const place = { ...own, register: ground.view, now: fuzzNow };
    try {
      await verifyInside(verifyOutside(met, place), place);
    } catch (cause) {
      // each recipient has a mailbox of his own, and finds nothing in another's
      if (channel && audience.length > 1) continue;
      throw new Broken("a reader refuses what we send", { cause });
    }
  }
}

function submissionTarget(ground: FuzzGround): Target {
  return jsonTarget("gateways/parseSubmission", makeSubmissions(), async (text) => {
    const json = parseJsonText(text, limits.maxRequestBytes);
    const isFiu = /"type":\s*"fiu/.test(text);
    await checkSent(ground, json, isFiu ? "ng/fiu" : "ng/tcu");
  });
}

async function* cut(bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Bytes, size: number): Promise<readonly ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readMaritimeRows(cut(bytes, size))) rows.push(row);
  return rows;
}

const words = ['a "quoted" word', "two\nlines", "é, ñ", "=1+1"];

/** The reader takes a file row by row; so many rows are one call's work. */
const maxRows = 500;

function rowsTarget(): Target {
  const directory = makeCoastDirectory(["ecowas"], ["tg"]);
  const rows = words.map((attack_description) => makeMaritimeRow({ attack_description }));
  const file = renderMaritimeFile(rows);
  return {
    name: "gateways/readMaritimeRows",
    shape: "text",
    seeds: [utf8(file), utf8(`\ufeff${file.replaceAll("\n", "\r\n")}`)],
    codes: ["IMPORT_"],
    run: async (input) => {
      const text = Buffer.from(input);
      const some = Buffer.from(text.toString("latin1").split("\n", maxRows).join("\n"), "latin1");
      const found = await readAll(some, 1 << 16);
      if (some.length < 4096) {
        const shown = JSON.stringify(found);
        hold(shown === JSON.stringify(await readAll(some, 7)), "rows depend on how they come");
      }
      for (const row of found) {
        if ("fault" in row) continue;
        const plan = certain("planning a row", () => planRow(row, directory));
        if ("submission" in plan) holdSame(plan.submission.crimes, ["piracy"], "another crime");
      }
    },
  };
}

function rowTarget(): Target {
  const directory = makeCoastDirectory(["ecowas", "eccas"]);
  const { cells } = makeMaritimeRow();
  return jsonTarget("gateways/planRow", [cells, { ...cells, time: "NA" }], (text) => {
    const changed = new Map(
      Object.entries(Object(parseJsonText(text, limits.maxRequestBytes)) as object),
    );
    const textAt = (name: string): string => {
      const value = changed.get(name);
      return typeof value === "string" ? value : "NA";
    };
    const texts = Object.keys(cells).map((name) => [name, textAt(name)]);
    const row = makeMaritimeRow(Object.fromEntries(texts) as typeof cells);
    const plan = certain("planning a row", () => planRow(row, directory));
    if (!("submission" in plan)) throw plan;
    hold(textOf(utf8(JSON.stringify(plan.submission))).length > 0, "a plan is not JSON");
  });
}

/** What a gateway reads of what its people hand in. */
export function makeSubmissionTargets(ground: FuzzGround): readonly Target[] {
  return [submissionTarget(ground), rowsTarget(), rowTarget()];
}
