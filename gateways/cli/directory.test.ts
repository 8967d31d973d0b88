import { beforeEach, describe, expect, it } from "vitest";

import { exampleOf } from "../../schemas/examples/index.ts";
import { parseBody } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type ApiWorld, makeApiWorld, start } from "../../test/kit/api-world.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { AuthorityWish, DirectoryDesk, FlaggedEntry } from "../directory/index.ts";

const entry = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
let asked: AuthorityWish[];
let handling: string;
let onDuty: boolean | undefined;

function authority(): FlaggedEntry {
  const body = parseBody("directory.authority", exampleOf("directory.authority").body);
  const held = { id: entry, box: "in", originator: "et/ncb", audience: [], crimes: ["tip"], handling, at: start, body } as const; // prettier-ignore
  const lastPing = { id: entry, to: ["et/ncb"], at: start, answerBy: start + 1000 };
  return { held, verifiedAt: start, isSignedByState: true, flags: ["STALE", "UNANSWERED"], lastPing }; // prettier-ignore
}

const directory: DirectoryDesk = {
  find: (wish) => {
    asked.push(wish);
    return wish.country === "ET" ? [authority()] : [];
  },
  counts: () => new Map(),
  contactPoint: () => ({ country: "ET", function: "POLICE_SPOC", entries: [] }),
  isOnDuty: () => onDuty,
  ping: (id) => {
    if (id !== entry) throw new Fault("NOT_FOUND", "no entry of the directory has this id");
    return { ...exampleOf("directory.ping"), originator: undefined };
  },
  tend: () => Promise.resolve(),
  stop: () => undefined,
};

let api: ApiWorld;
let cli: CliWorld;

beforeEach(() => {
  asked = [];
  handling = "H0";
  onDuty = undefined;
  api = makeApiWorld({ directory });
  cli = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ directory }));
});

const run = (line: string): ReturnType<CliWorld["run"]> => cli.run(...line.split(" "));

describe("GET /v1/directory", () => {
  it("asked for nothing it lists agencies alone, as it did; asked by country, function and crime whom to ask", async () => {
    expect(Object.keys((await api.ask("/v1/directory")).json)).toEqual(["agencies", "servedRecs"]);
    const { json } = await api.ask("/v1/directory?country=ET&function=MLA&crime=tip", {
      headers: { "accept-language": "fr" },
    });
    const [found] = json["authorities"] as readonly Record<string, unknown>[];
    expect(found).toMatchObject({
      country: "ET",
      good: false,
      flags: ["STALE", "UNANSWERED"],
      channels: ["BROKER", "DIPLOMATIC", "EMAIL", "POST"],
    });
    expect(found).toMatchObject({
      name: { lang: "fr" },
      languages: ["am", "en"],
      signedByState: true,
      publishedBy: "et/ncb",
    });
    expect(asked).toEqual([{ country: "ET", function: "MLA", crime: "tip" }]);
  });

  it.each(["country=Ethiopia", "function=COOK", "crime=none", "name=x"])(
    "%s is refused and nothing is looked for",
    async (query) => {
      const { status, json } = await api.ask(`/v1/directory?${query}`);
      expect([status, json["code"], asked]).toEqual([400, "REQUEST_INVALID", []]);
    },
  );

  it("gives the question to an authority, and sends nothing; of an entry that is not here there is none", async () => {
    const { json } = await api.ask(`/v1/directory/${entry}/ping`);
    expect(json["message"]).toMatchObject({ type: "directory.ping", recipients: ["et/ncb"] });
    expect((await api.ask("/v1/directory/018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0c/ping")).status).toBe(
      404,
    );
  });

  it("without a directory of its own a gateway says so", async () => {
    expect((await makeApiWorld().ask("/v1/directory?country=ET")).status).toBe(404);
  });
});

describe("atumpan directory", () => {
  it("find says channel, languages and urgent procedure, and what is to be cared for, in the reader's words", async () => {
    const { code, out } = await run("directory find --country et --function mla --crime tip --lang fr");
    expect(code).toBe(0);
    expect(out).toContain("entraide judiciaire");
    expect(out).toContain("ce réseau, voie diplomatique");
    expect(out).toContain("nobody verified it within twelve months (STALE)");
    expect(out).toContain("it was asked and did not answer in time (UNANSWERED)");
    expect(out).toContain(entry);
  });

  it("find says that nobody is known, and asks what is looked for", async () => {
    expect((await run("directory find --country NE")).out).toContain("No authority is known for this.");
    const { code, err } = await run("directory find");
    expect([code, err]).toEqual([2, expect.stringContaining("--country")]);
  });

  it("ping sends the question as a message, once however often it is typed on one day", async () => {
    const [first, second] = [await run(`directory ping ${entry}`), await run(`directory ping ${entry}`)];
    expect(first.code).toBe(0);
    expect(second.err).toContain("nothing new was stored");
    expect(second.out).toBe(first.out);
  });
}); // prettier-ignore

describe("who is on duty", () => {
  it.each([
    [true, "on duty now"],
    [false, "nobody is on duty now"],
    [undefined, undefined],
  ])("is said where there is a roster, and only there: %s", async (is, says) => {
    onDuty = is;
    const { out } = await run("directory find --country ET");
    expect(/.*on duty now/.exec(out)?.[0].trim()).toBe(says);
    const { json } = await api.ask("/v1/directory?country=ET");
    const [found] = json["authorities"] as readonly Record<string, unknown>[];
    expect(found?.["onDuty"]).toBe(is);
  });
});
