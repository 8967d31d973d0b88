import { gzipSync } from "node:zlib";

import { beforeEach, describe, expect, it } from "vitest";

import { type Answer, type ApiWorld, makeApiWorld } from "../../test/kit/api-world.ts";

let world: ApiWorld;
beforeEach(() => {
  world = makeApiWorld();
});

const ask = (search: string, lang = "fr"): Promise<Answer> =>
  world.ask(`/v1/labels/${lang}${search}`);

/** What a page needs before it knows what it shows. */
const shell =
  "?parts=types,words&lists=CRIME,HANDLING,URGENCY,STATUS,MATTER_STATE,AWAITED,PURPOSE,AGENCY_KIND";

describe("labels of one language", () => {
  it.each(["en", "fr", "pt", "ar", "es", "sw"])("those of a page cost a thin line less than 10 KB (%s)", async (lang) => {
    const { status, bytes } = await ask(shell, lang);
    expect(status).toBe(200);
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThan(10_000);
  }); // prettier-ignore

  it("are those that were asked for, and no others", async () => {
    const { json } = await ask("?parts=types&lists=URGENCY,STATUS");
    expect(Object.keys(json).toSorted()).toEqual(["digest", "lang", "lists", "review", "types"]);
    expect(Object.keys(json["lists"] as object)).toEqual(["URGENCY", "STATUS"]);
    const all = (await ask("")).json;
    expect(json["types"]).toEqual(all["types"]);
    expect(json["digest"]).toBe(all["digest"]);
  });

  it("that somebody holds already are not sent again", async () => {
    const { headers } = await ask(shell);
    const again = await world.ask(`/v1/labels/fr${shell}`, {
      headers: { "if-none-match": headers.get("etag") ?? "" },
    });
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  it.each([
    ["?parts=secrets", "REQUEST_INVALID"],
    ["?lists=NONE", "REQUEST_INVALID"],
    ["?lists=__proto__", "REQUEST_INVALID"],
    [`?lists=${Array.from({ length: 61 }, () => "CRIME").join(",")}`, "REQUEST_INVALID"],
  ])("%s is refused", async (search, code) => {
    expect((await ask(search)).json["code"]).toBe(code);
  });
});

describe("a form in one language", () => {
  const form = (type: string, search: string): Promise<Answer> => world.ask(`/v1/schemas/${type}/form${search}`);
  interface Field {
    readonly name: string;
    readonly says: string;
    readonly list?: string;
    readonly group?: string;
  }
  interface Form {
    readonly fields: readonly Field[];
    readonly inner: readonly Field[];
    readonly groups: Readonly<Record<string, readonly Field[]>>;
    readonly lists: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  }

  it("names the measure of a number in that language, as the text of a message does", async () => {
    const groups = (await form("alert.incident", "?lang=ar")).json["groups"] as Record<string, { name: string; unit?: string }[]>;
    const latitude = groups["GeoPoint"]?.find(({ name }) => name === "lat");
    expect(latitude?.unit).toBe("درجة شمالًا");
  }); // prettier-ignore

  it("names every field, brings every group that one holds, and every list that is short", async () => {
    const { json, bytes } = await form("alert.incident", "?lang=sw");
    const { fields, inner, groups, lists } = json as unknown as Form;
    const all = [fields, inner, ...Object.values(groups)].flat();
    for (const { says, name, list, group } of all) {
      expect(says, name).not.toBe("");
      if (group !== undefined) expect(groups).toHaveProperty([group]);
      if (list !== undefined && lists[list] === undefined)
        expect((await world.ask(`/v1/codelists/${list}`)).json["codes"]).toSatisfy((codes: unknown[]) => codes.length > 60);
    }
    expect(inner.map(({ name }) => name)).toEqual(expect.arrayContaining(["caseRef", "purposes", "courtUse"]));
    expect(lists["COURT_USE"]?.every(([code, label]) => label !== "" && label !== code)).toBe(true);
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThan(25_000);
  });

  it("has the same fields as without one, in their order", async () => {
    const bare = (await form("alert.cancel", "")).json as unknown as Form;
    const said = (await form("alert.cancel", "?lang=ar")).json as unknown as Form;
    expect(said.fields.map(({ name }) => name)).toEqual(bare.fields.map(({ name }) => name));
    expect(said.fields.map(({ says }) => says).join("")).toMatch(/\p{Script=Arabic}/u);
  });

  it.each(["?lang=xx", "?lang="])("%s is refused", async (search) => {
    expect((await form("alert.cancel", search)).json["code"]).toBe("REQUEST_INVALID");
  });

  it("of no type there is none", async () => {
    expect((await form("..%2fpackage", "?lang=en")).status).toBe(404);
    expect((await form("inner_header", "?lang=en")).json["code"]).toBe("NOT_FOUND");
  });
}); // prettier-ignore
