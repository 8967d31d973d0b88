import { describe, expect, it } from "vitest";

import { parseBody, parseInnerHeader } from "../../schemas/index.ts";
import { cutExample } from "./cut-example.ts";
import { parseOptions } from "./options.ts";
import { renderSchemasCost } from "./schemas.ts";

describe("the command line of the bench", () => {
  it("is read, and says what is usual where nothing is said", () => {
    expect(parseOptions([])).toEqual({
      seconds: 3,
      count: undefined,
      rounds: 3,
      only: undefined,
      profile: undefined,
      schemas: false,
      work: false,
      links: false,
      store: false,
      index: false,
      statistics: false,
      http: false,
      log: false,
      login: false,
      trust: false,
      revocation: false,
    });
    const args = ["--seconds", "1.5", "--count", "20", "--rounds", "1", "--only", "sealed"];
    expect(parseOptions(args)).toMatchObject({
      seconds: 1.5,
      count: 20,
      rounds: 1,
      only: "sealed",
    });
  });

  it("asks for the schemas alone, or for trust alone", () => {
    expect(parseOptions(["--schemas"])).toMatchObject({ schemas: true, trust: false });
    expect(parseOptions(["--trust"])).toMatchObject({ schemas: false, trust: true });
  });

  it("asks for the index of words alone, with so many messages", () => {
    expect(parseOptions(["--index", "--count", "256"])).toMatchObject({ index: true, count: 256 });
  });

  it("asks for the hub's log alone, for so long, so often, with so many leaves", () => {
    const args = ["--log", "--seconds", "1", "--rounds", "2", "--count", "5000"];
    expect(parseOptions(args)).toMatchObject({ log: true, seconds: 1, rounds: 2, count: 5000 });
  });

  it("asks for logins alone, for so long and so often", () => {
    const args = ["--login", "--seconds", "2", "--rounds", "5"];
    expect(parseOptions(args)).toMatchObject({ login: true, seconds: 2, rounds: 5 });
  });

  it.each([
    [["--login", "--only", "open"]],
    [["--revocation", "--seconds", "1"]],
    [["--revocation", "--login"]],
    [["--login", "--count", "9"]],
    [["--login", "--schemas"]],
    [["--index", "--seconds", "1"]],
    [["--index", "--store"]],
    [["--log", "--profile", "x"]],
    [["--log", "--links"]],
    [["--trust", "--schemas"]],
    [["--trust", "--login"]],
    [["--trust", "--rounds", "3"]],
    [["--seconds", "0"]],
    [["--count", "many"]],
    [["--only", "half"]],
    [["--schemas", "--seconds", "3"]],
    [["--schemas=yes"]],
    [["--what"]],
  ])("%j is refused", (args) => {
    expect(() => parseOptions(args)).toThrow(Error);
  });
});

describe("the message that the schemas are measured with", () => {
  it("is a good alert of about a thousand characters", () => {
    const { inner, body } = cutExample();
    const { length } = JSON.stringify({ inner, body });
    expect([length > 900, length < 1250, length]).toEqual([true, true, length]);
    expect(() => parseInnerHeader(inner)).not.toThrow();
    expect(() => parseBody("alert.incident", body)).not.toThrow();
  });

  it("is told with a line a figure and the ratio", () => {
    const rows = [["JSON.parse of 1000 characters", 4], ["decode", 6]] as const;
    const [first, second, json] = renderSchemasCost({ rows, parse: 4, ratio: 3 }).split("\n");
    expect(first).toMatch(/^JSON\.parse of 1000 characters +4\.0 µs +1\.00 × JSON\.parse$/);
    expect(second).toMatch(/^decode +6\.0 µs +1\.50 ×/);
    expect(JSON.parse(json!)).toEqual({ schemas: Object.fromEntries(rows), ratio: 3 });
  }); // prettier-ignore
});
