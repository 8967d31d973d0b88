import {
  answerPath,
  answerRequest,
  answerSignature,
  checkMessageBytes,
  makeMessageAnswerer,
  makeRegisterAnswerer,
} from "../../../certs/verify/index.ts";
import { findAlgorithm } from "../../../certs/verify/algorithms.ts";
import { parseBase64 } from "../../../certs/verify/fields.ts";
import { parseJwk } from "../../../certs/verify/jwk.ts";
import { parseJws } from "../../../certs/verify/jws.ts";
import { splitLines } from "../../../certs/verify/lines.ts";
import { renderInstant } from "../../../schemas/index.ts";
import { type Bytes, Fault, renderBase64url, utf8 } from "../../../schemas/ground/index.ts";
import { jwsAlgorithms, jwsKey, makeDetached, makeJws } from "../../kit/jws.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { Broken, hold, holdSame } from "../promises.ts";
import { jsonTarget, type Target, textOf, textTarget } from "../target.ts";

const payload = utf8("a statement");
const maxLine = 64;

/** Lines are the same whether the bytes come at once or one by one. */
async function checkLines(input: Bytes): Promise<void> {
  async function* at(size: number): AsyncGenerator<Bytes> {
    for (let from = 0; from < input.length; from += size) {
      yield await Promise.resolve(input.subarray(from, from + size));
    }
  }
  const read = async (size: number): Promise<(string | undefined)[]> => {
    const lines: (string | undefined)[] = [];
    for await (const line of splitLines(at(size), maxLine)) lines.push(line && Buffer.from(line).toString("latin1"));
    return lines;
  };
  // 64 KiB may be as many lines, and comparing must not take longer than reading
  const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);
  const whole = await read(Math.max(1, input.length));
  hold(isSame(await read(7), whole), "lines depend on how the bytes come");
  const wanted = Buffer.from(input).toString("latin1").split("\n").map((line) => (line.length > maxLine ? undefined : line));
  if (wanted.at(-1) === "") wanted.pop();
  hold(isSame(whole, wanted), "a line is lost, or not the one that came");
} // prettier-ignore

const lineTarget: Target = {
  name: "certs/splitLines",
  shape: "bytes",
  seeds: [utf8('{"id":1}\n{"id":2}\n'), utf8(`${"x".repeat(65)}\n\n${"y".repeat(64)}`), utf8("\n")],
  run: checkLines,
};

const jwsTarget = textTarget(
  "certs/parseJws",
  [makeJws("ES256"), makeJws("HS256"), makeJws("ES256", { payload: "" })],
  (text) => {
    const { input, payload: found, value } = parseJws(text);
    const [header = ""] = text.split(".");
    const middle = renderBase64url(found);
    hold(text === `${header}.${middle}.${renderBase64url(value)}`, "one JWS has two spellings");
    holdSame(input, utf8(`${header}.${middle}`), "what was signed is not what stands there");
  },
);

const base64Target = textTarget("certs/parseBase64", ["AAAA", "AA==", "+/8="], (text) => {
  const spelt = Buffer.from(parseBase64(text)).toString("base64");
  hold(spelt === text, "one value has two spellings in base64");
});

const jwkTarget = jsonTarget(
  "certs/parseJwk",
  jwsAlgorithms.map((alg) => ({ ...jwsKey(alg).jwk, alg })),
  (text) => {
    let jwk: unknown;
    try {
      jwk = JSON.parse(text);
    } catch (cause) {
      throw new Fault("JSON_MALFORMED", "not JSON", { cause });
    }
    const [name = ""] = jwsAlgorithms.filter((alg) => text.includes(`"${alg}"`));
    const algorithm = findAlgorithm(name);
    if (algorithm === undefined) throw new Fault("REQUEST_INVALID", "no algorithm is named");
    const { type } = parseJwk(jwk, name, algorithm);
    hold(type === (algorithm.kind === "oct" ? "secret" : "public"), "a key of another kind is taken");
  },
); // prettier-ignore

/** Throws what an answer refuses, so that it counts as refused; an answer that says INTERNAL is a finding. */
function refused(answer: ReturnType<typeof answerRequest>): void {
  if (answer.code === "INTERNAL") throw new Broken("it could not be judged");
  if (!answer.ok) throw new Fault(answer.code ?? "INTERNAL", answer.detail ?? "refused");
}

function signatureTarget(): Target {
  const good = jwsAlgorithms.flatMap((alg) => {
    const { jwk } = jwsKey(alg);
    const beside = { jws: makeDetached(alg, payload), payload: renderBase64url(payload) };
    return [{ id: alg, jws: makeJws(alg), jwk, alg }, { id: alg, ...beside, jwk, alg }];
  });
  const run = (input: string): void => {
    const answer = answerRequest(utf8(input), answerSignature);
    refused(answer);
    // r or s of ECDSA aside, nothing that was signed can be changed
    const isKnown = good.some(({ jws }) => input.includes(jws.slice(0, jws.indexOf("."))));
    hold(isKnown, "a header that nobody signed is good");
  };
  return jsonTarget("certs/answerSignature", good, run);
} // prettier-ignore

function pathTarget({ view }: FuzzGround): Target {
  const text = (der: Bytes): string => Buffer.from(der).toString("base64");
  const { certificates = [] } = view.agency("ng/tcu") ?? {};
  const { roots = [], intermediates = [], crls = [] } = view.authority("ng") ?? {};
  const seeds = certificates.map(({ kind, certificate }) => ({
    id: kind,
    anchors: roots.map(text),
    intermediates: intermediates.map(text),
    leaf: text(certificate),
    crls: crls.map(text),
    at: renderInstant(fuzzNow),
    usage: kind.toLowerCase(),
  }));
  return jsonTarget("certs/answerPath", seeds, (input) =>
    refused(answerRequest(utf8(input), answerPath)),
  );
}

function messageTargets({ publications, view, register, world }: FuzzGround): readonly Target[] {
  const place = { register: view, at: fuzzNow };
  const text = (bytes: Bytes): string => Buffer.from(bytes).toString("base64");
  const known = new Set(publications.map(({ bytes }) => checkMessageBytes(bytes, place).signed));
  const check = (input: Bytes): void => {
    const { ok, code, detail, signed } = checkMessageBytes(input, place);
    if (code === "INTERNAL") throw new Broken("a message could not be judged");
    if (!ok) throw new Fault(code ?? "INTERNAL", detail ?? "refused");
    hold(known.has(signed), "a message that nobody signed is good");
  };
  const requests = publications.map(({ bytes }, id) => ({ id, message: text(bytes) }));
  const root = text(world.anchors.root);
  return [
    { name: "certs/checkMessageBytes", shape: "proto", seeds: publications.map(({ bytes }) => bytes), run: check },
    jsonTarget("certs/answerMessage", requests, (input) =>
      refused(answerRequest(utf8(input), makeMessageAnswerer(place))),
    ),
    jsonTarget("certs/answerRegister", [{ id: 1, registers: [text(register)], root }], (input) =>
      refused(answerRequest(utf8(input), makeRegisterAnswerer({ at: fuzzNow }))),
    ),
    {
      name: "certs/answerRequest",
      shape: "json",
      seeds: [utf8('{"id":"a","b":[1,{"c":null}]}')],
      run: (input) => {
        const answer = answerRequest(input, () => ({ ok: true }));
        hold(answer.ok || answer.code !== undefined, "an answer says nothing");
        refused(answer);
        const { id = null } = JSON.parse(textOf(input)) as { readonly id?: unknown };
        holdSame(answer.id, id, "an id that nobody gave");
      },
    },
  ];
} // prettier-ignore

/** Readers of what people who check us ask. */
export function makeVerifyTargets(ground: FuzzGround): readonly Target[] {
  return [
    lineTarget,
    jwsTarget,
    base64Target,
    jwkTarget,
    signatureTarget(),
    pathTarget(ground),
    ...messageTargets(ground),
  ];
}
