import { type Clock, Fault } from "../../schemas/ground/index.ts";
import { readAnswer } from "./read-answer.ts";
import type { SegmentsToTranslate, Translator } from "./translator.ts";

/** How one service is reached. All of it is configuration: nothing of a message decides where it is sent. */
export interface LibreTranslateOptions {
  /** `https://…`, or `http://` on this machine itself. */
  readonly url: string;
  readonly apiKey?: string;
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
  /** From asking to the last byte of the answer. */
  readonly timeoutMs?: number;
  readonly maxAnswerBytes?: number;
  /** What the operator installed, as the service names it; the list the project publishes by default. */
  readonly languages?: readonly string[];
  /** Told in every product; the service itself does not say. */
  readonly model?: string;
  readonly version?: string;
}

/** Languages of the project's own list. Swahili, Hausa, Amharic and Somali are not among them. */
const published: readonly string[] = [
  ..."ar az bg bn ca cs da de el en eo es et eu fa fi fr ga gl he hi hu id it ja ko ky lt lv ms nb".split(
    " ",
  ),
  ..."nl pl pt ro ru sk sl sq sr sv th tl tr uk ur vi zh-Hans zh-Hant".split(" "),
];

const thisMachine = new Set(["localhost", "127.0.0.1", "[::1]"]);

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && url.username + url.password + url.search + url.hash === "";
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && thisMachine.has(url.hostname));
  if (isPlain && isSafe) return `${url.origin}${url.pathname.replace(/\/$/, "")}/translate`;
  throw new Fault(
    "CONFIG_INVALID",
    "the translation service's url is https, or http on this machine, without user, query or fragment",
  );
}

/** The service's name for a language: the tag itself, or its main part. */
function languageCode(tag: string, languages: readonly string[]): string {
  const main = tag.split("-", 1)[0] ?? "";
  const code = [tag, main].find((one) => languages.includes(one));
  if (code !== undefined) return code;
  throw new Fault(
    "TRANSLATION_LANGUAGE",
    `the translation service does not have ${tag}; have it translated by a person`,
  );
}

function makeQuestion(
  { segments, from, to }: SegmentsToTranslate,
  { apiKey, languages = published }: LibreTranslateOptions,
): string {
  const source = languageCode(from, languages);
  const target = languageCode(to, languages);
  const key = apiKey === undefined ? {} : { api_key: apiKey };
  return JSON.stringify({ q: segments, source, target, format: "text", ...key });
}

function fail(isLate: boolean, timeoutMs: number, cause: unknown): never {
  if (cause instanceof Fault) throw cause;
  const says = isLate ? `did not answer within ${timeoutMs} ms` : "cannot be reached";
  throw new Fault("TRANSLATION_UNAVAILABLE", `the translation service ${says}`, { cause });
}

/**
 * Builds a translator that asks a service of LibreTranslate's interface: `POST /translate`, no redirects, one
 * deadline for all of an answer, an answer of limited size that is read strictly. It has no glossary. Nothing
 * is asked yet.
 *
 * @throws {Fault} CONFIG_INVALID for a URL that is not one of a service
 */
export function makeLibreTranslate(options: LibreTranslateOptions): Translator {
  const { clock, fetch = globalThis.fetch, timeoutMs = 20_000, maxAnswerBytes = 262_144 } = options;
  const { model, version } = options;
  const url = readUrl(options.url);
  return {
    translate: async (asked) => {
      const body = makeQuestion(asked, options);
      const late = new AbortController();
      const timer = clock.after(timeoutMs, () => late.abort());
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { accept: "application/json", "content-type": "application/json" },
          body,
          redirect: "error",
          signal: late.signal,
        });
        const segments = await readAnswer(response, {
          maxAnswerBytes,
          count: asked.segments.length,
        });
        return { segments, engine: "LibreTranslate", model, version };
      } catch (error) {
        return fail(late.signal.aborted, timeoutMs, error);
      } finally {
        timer.stop();
      }
    },
  };
}
