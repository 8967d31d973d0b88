import {
  checkLetter,
  makeCode,
  type Kit,
  type Letter,
  parseCode,
  parseKit,
  parseLetter,
  renderKit,
  renderLetter,
} from "../../../deploy/join/index.ts";
import { makeSeededChance, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { hold, holdSame } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

const digest = "ab".repeat(32);
const kit: Kit = {
  id: "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b",
  agency: "sn/tcu",
  madeBy: "ecowas/centre",
  madeAt: 1_780_272_000_000,
  endsAt: 1_781_272_000_000,
  language: "fr",
  hubs: [{ hub: "au/hub-one", urls: ["tls://hub.example.org:4222"] }],
  neighbour: "gh/tcu",
  files: { "README.txt": digest, "drill.json": digest, "gateway.json": digest, "hub-ca.pem": digest, "register.bin": digest, "root.json": digest },
}; // prettier-ignore
const der = utf8("not a certificate, and nobody has said that it is one");
const letter: Letter = {
  kit: kit.id,
  agency: kit.agency,
  parts: { LINK: [der], SIGNING: [der, der], SEALING: [der] },
};
const key = new Uint8Array(32).fill(7);

/** What is read is written as it was read, but for white space and the order of members. */
function kitTarget(): Target {
  return {
    name: "deploy/join/parseKit",
    shape: "json",
    seeds: [renderKit(kit)],
    codes: ["KIT_INVALID"],
    run: (input) => {
      const read = parseKit(input);
      holdSame(renderKit(parseKit(renderKit(read))), renderKit(read), "a manifest is not read as it was written");
    },
  };
} // prettier-ignore

/** Nobody without the key changes what a letter says and is believed. */
function letterTarget(kind: "request" | "answer"): Target {
  const good = renderLetter(kind, letter, key);
  return {
    name: `deploy/join/${kind}`,
    shape: "json",
    seeds: [good],
    codes: ["KIT_INVALID", "KIT_CODE_WRONG"],
    run: (input) => {
      const read = parseLetter(kind, input);
      checkLetter(kind, read, key);
      const { mac: _, ...said } = read;
      hold(sameBytes(renderLetter(kind, said, key), good), "a changed letter is believed");
    },
  };
}

/** What people type, the kit's manifest, and both letters. */
export function makeJoinTargets(): readonly Target[] {
  const code = makeCode(makeSeededChance("join"));
  const typed = textTarget("deploy/join/parseCode", [code, code.toLowerCase()], (text) => {
    hold(parseCode(parseCode(text)) === parseCode(text), "a code has two spellings");
  });
  const codes = ["KIT_CODE_WRONG"];
  return [{ ...typed, codes }, kitTarget(), letterTarget("request"), letterTarget("answer")];
}
