import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { type FaultCode, isFault, systemClock } from "../../schemas/ground/index.ts";
import { type LibreTranslateOptions, makeLibreTranslate, translateText } from "./index.ts";

interface Question {
  readonly q: readonly string[];
  readonly source: string;
  readonly target: string;
  readonly [member: string]: unknown;
}

type Play = (question: Question, response: ServerResponse, request: IncomingMessage) => void;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine that plays the service, and the translator that asks it. */
async function serve(
  play: Play,
  options: Partial<LibreTranslateOptions> = {},
): Promise<ReturnType<typeof makeLibreTranslate>> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      play(text === "" ? { q: [], source: "", target: "" } : JSON.parse(text), response, request);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return makeLibreTranslate({ url: `http://127.0.0.1:${port}/lt`, clock: systemClock, ...options });
}

function answer(response: ServerResponse, json: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(json));
}

/** What the service would answer if it were good at it. */
function echo(change: (text: string) => string = (text) => `EN ${text}`): Play {
  return ({ q }, response) => answer(response, { translatedText: q.map(change) });
}

async function codeOf(promise: Promise<unknown>): Promise<FaultCode | "none"> {
  try {
    await promise;
    return "none";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

const asked = { segments: ["bonjour", "le port"], from: "fr", to: "en" };
const source = { text: "Traoré a vu 12 sacs.\n\nLe 3, rien.", lang: "fr", marks: [] };
const text = { source, to: "en", literals: ["Traoré"] };

describe("makeLibreTranslate", () => {
  it("asks as the service's interface says, once, and tells the engine", async () => {
    const seen: unknown[] = [];
    const translator = await serve(
      (question, response, { url, method, headers }) => {
        seen.push([method, url, headers["content-type"], question]);
        echo()(question, response, {} as IncomingMessage);
      },
      { apiKey: "key", model: "argos", version: "1.9" },
    );
    expect(await translator.translate({ ...asked, from: "fr-CI", to: "pt-AO" })).toEqual({
      segments: ["EN bonjour", "EN le port"],
      engine: "LibreTranslate",
      model: "argos",
      version: "1.9",
    });
    const question = {
      q: asked.segments,
      source: "fr",
      target: "pt",
      format: "text",
      api_key: "key",
    };
    expect(seen).toEqual([["POST", "/lt/translate", "application/json", question]]);
  });

  it.each(["sw", "ha", "am", "so-Latn", "und"])(
    "a language it does not have (%s) is not asked for",
    async (to) => {
      let asks = 0;
      const translator = await serve((question, response, request) => {
        asks += 1;
        echo()(question, response, request);
      });
      expect(await codeOf(translator.translate({ ...asked, to }))).toBe("TRANSLATION_LANGUAGE");
      expect(await codeOf(translator.translate({ ...asked, from: to }))).toBe(
        "TRANSLATION_LANGUAGE",
      );
      expect(asks).toBe(0);
    },
  );

  it("a language the operator installed is", async () => {
    const translator = await serve(echo(), { languages: ["fr", "sw"] });
    expect(await codeOf(translator.translate({ ...asked, to: "sw-KE" }))).toBe("none");
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_LANGUAGE");
  });

  it("a pair the service itself refuses is a language it does not have", async () => {
    const translator = await serve((_, response) =>
      answer(response, { error: "ar is not supported" }, 400),
    );
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_LANGUAGE");
  });

  const hostile: readonly (readonly [string, Play])[] = [
    ["too few texts", (_, response) => answer(response, { translatedText: ["hello"] })],
    ["too many texts", (_, response) => answer(response, { translatedText: ["a", "b", "c"] })],
    ["one text for a list", (_, response) => answer(response, { translatedText: "hello" })],
    ["a text that is none", (_, response) => answer(response, { translatedText: ["a", 7] })],
    ["no texts", (_, response) => answer(response, {})],
    ["a list", (_, response) => answer(response, [])],
    ["half of its JSON", (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"translatedText":["a",');
    }],
    ["a member twice", (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"translatedText":["a","b"],"translatedText":["c","d"]}');
    }],
    ["bytes that are no text", (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(Buffer.from([0x7b, 0xff, 0x7d]));
    }],
    ["a page", (_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>welcome</html>");
    }],
    ["a page that says it is JSON", (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("<html>welcome</html>");
    }],
    ["a failure", (_, response) => answer(response, { error: "out of memory" }, 500)],
    ["a refusal", (_, response) => answer(response, { error: "Invalid API key" }, 403)],
    ["success of another kind", (_, response) => answer(response, { translatedText: ["a", "b"] }, 202)],
    ["a segment beyond any text", (_, response) => answer(response, { translatedText: ["a", "b".repeat(9000)] })],
    ["nothing, and hangs up", (_, response) => response.destroy()],
  ]; // prettier-ignore

  it.each(hostile)("a service that answers %s is not available", async (_, play) => {
    const translator = await serve(play);
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_UNAVAILABLE");
  });

  it("a redirect is not followed", async () => {
    let reached = false;
    const translator = await serve((_, response, { url }) => {
      if (url?.endsWith("/elsewhere") === true) reached = true;
      response.writeHead(307, { location: "/elsewhere" });
      response.end();
    });
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_UNAVAILABLE");
    expect(reached).toBe(false);
  });

  it("an answer without end is left at its limit", async () => {
    let isClosed = false;
    const translator = await serve(
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const pump = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
        };
        response.on("drain", pump).on("close", () => (isClosed = true));
        pump();
      },
      { maxAnswerBytes: 100_000 },
    );
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_UNAVAILABLE");
    await expect.poll(() => isClosed).toBe(true);
  });

  it.each([
    ["never begins", () => undefined],
    ["never ends", (_: Question, response: ServerResponse) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{");
    }],
  ] as const)("an answer that %s is waited for no longer than the deadline", async (_, play) => {
    const translator = await serve(play, { timeoutMs: 100 });
    const started = performance.now();
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_UNAVAILABLE");
    expect(performance.now() - started).toBeLessThan(10_000);
  }); // prettier-ignore

  it("a service that is not there is not available", async () => {
    const translator = makeLibreTranslate({ url: "http://127.0.0.1:9", clock: systemClock });
    expect(await codeOf(translator.translate(asked))).toBe("TRANSLATION_UNAVAILABLE");
  });

  it("no fault repeats what was asked or answered", async () => {
    const translator = await serve((_, response) =>
      answer(response, { error: "bonjour secret" }, 500),
    );
    const fault = await translator.translate(asked).catch((error: unknown) => error);
    expect(isFault(fault) && fault.detail).not.toMatch(/bonjour|secret/);
  });

  it.each([
    "http://translate.example",
    "http://10.0.0.7:5000",
    "ftp://localhost",
    "file:///etc/hosts",
    "https://user:word@translate.example",
    "https://translate.example/?q=1",
    "https://translate.example/#a",
    "translate.example",
    "",
  ])("the url %j is no configuration", (url) => {
    expect(() => makeLibreTranslate({ url, clock: systemClock })).toThrow(/CONFIG_INVALID/);
  });

  it.each([
    "https://translate.example",
    "https://translate.example:5000/lt/",
    "http://localhost:5000",
  ])("the url %j is one", (url) => {
    expect(() => makeLibreTranslate({ url, clock: systemClock })).not.toThrow();
  });
});

describe("translateText over a service", () => {
  it("names, numbers and lines come back as they were; the service sees none of the names", async () => {
    const seen: string[] = [];
    const translator = await serve(
      echo((line) => {
        seen.push(line);
        return line
          .replace("a vu", "saw")
          .replace("sacs", "bags")
          .replace("Le", "On")
          .replace("rien", "nothing");
      }),
    );
    expect(await translateText(translator, text)).toMatchObject({
      text: "Traoré saw 12 bags.\n\nOn 3, nothing.",
      engine: "LibreTranslate",
    });
    expect(seen.join(" ")).not.toMatch(/Traoré|12|3,/);
  });

  it.each<readonly [string, (line: string) => string]>([
    ["changes a number", (line) => line.replace("ZQ1QZ", "13")],
    ["drops a placeholder", (line) => line.replace("ZQ1QZ", "")],
    ["invents a placeholder", (line) => `${line} ZQ9QZ`],
    ["moves a placeholder to another line twice", (line) => line.replace("ZQ2QZ", "ZQ1QZ")],
    ["adds a number", (line) => `${line} 7`],
    ["answers nothing", () => ""],
    ["answers without letters that were asked", () => "ZQ0QZ"],
    ["sends a control character", (line) => `${line}\u001b[2J`],
    ["sends text directions it does not close", (line) => `${line}\u202e`],
    ["sends a novel", (line) => line + " word".repeat(900)],
  ])("a service that %s has its translation withheld", async (_, change) => {
    const translator = await serve(echo(change));
    expect(await codeOf(translateText(translator, text))).toBe("TRANSLATION_WITHHELD");
  });

  it("letters in their second spelling are normalised, not refused", async () => {
    const translator = await serve(echo((line) => `e\u0301tait ${line}`));
    expect((await translateText(translator, text)).text).toContain("était Traoré");
  });

  it("a text of facts alone, of too many lines or in the language already is not sent", async () => {
    const translator = await serve(() => expect.fail("the service was asked"));
    const send = (change: string, to = "en"): Promise<FaultCode | "none"> =>
      codeOf(translateText(translator, { ...text, to, source: { ...source, text: change } }));
    expect(await send("Traoré 12")).toBe("TRANSLATION_WITHHELD");
    expect(await send("mot\n".repeat(101))).toBe("TRANSLATION_WITHHELD");
    expect(await send("mot", "fr")).toBe("TRANSLATION_LANGUAGE");
  });
});
