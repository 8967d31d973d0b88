import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { tendRenewals } from "../../../certs/authority/index.ts";
import {
  endorseSealingKey,
  makeKeyPair,
  makeRequest,
  makeSigningKey,
} from "../../../certs/keys/index.ts";
import { findCertificate } from "../../../certs/renewal/carried.ts";
import { loadRenewed, realDisk } from "../../../certs/renewal/index.ts";
import { parseCertificate, parseRequest, renderPem } from "../../../certs/shape/index.ts";
import {
  judgeSealingKey,
  parseCarriedEndorsement,
  parseRenewalRequest,
  renderCarriedEndorsement,
  renderRenewalAsked,
  renderRenewalRequest,
  renewalName,
  type RenewalRequest,
} from "../../../certs/trust/index.ts";
import { decodeEndorsement, encodeEndorsement } from "../../../schemas/gen/index.ts";
import {
  type Bytes,
  Fault,
  makeSeededChance,
  sameBytes,
  utf8,
} from "../../../schemas/ground/index.ts";
import { makeMemoryJournal } from "../../kit/memory-journal.ts";
import { issueSealing, publishSealing, sealingLine } from "../../kit/sealing-change.ts";
import { makeFolder } from "../at-exit.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { pack, packCodes, unpack } from "../pack.ts";
import { hold, holdSame } from "../promises.ts";
import type { Target } from "../target.ts";

const agency = "ng/tcu";

type Asked = Omit<RenewalRequest, "signature">;

function sign({ world }: FuzzGround, asked: Asked): RenewalRequest {
  const { signer } = world.agency(asked.agency === agency ? agency : "gh/tcu");
  const signature = signer.sign("atumpan-renewal", renderRenewalAsked(asked));
  return { ...asked, signature };
}

/** Requests that are due: of this kind of key the agency has no certificate yet. */
async function makeRequests(ground: FuzzGround): Promise<readonly RenewalRequest[]> {
  const asked: RenewalRequest[] = [];
  for (const kind of ["SIGNING", "LINK"] as const) {
    const request = await makeRequest(agency, makeKeyPair("Ed25519"));
    asked.push(sign(ground, { agency, kind, at: fuzzNow, request }));
  }
  return asked;
}

function requestTarget(requests: readonly RenewalRequest[]): Target {
  return {
    name: "certs/parseRenewalRequest",
    shape: "json",
    codes: ["CSR_INVALID"],
    seeds: requests.map((one) => utf8(renderRenewalRequest(one))),
    run: (input) => {
      const found = parseRenewalRequest(input);
      const again = parseRenewalRequest(utf8(renderRenewalRequest(found)));
      holdSame(again, found, "a request does not come back from its file");
    },
  };
}

/** Whatever lies in the folder of requests: one office's round goes on, and makes nothing that nobody asked for. */
function roundTarget(ground: FuzzGround, requests: readonly RenewalRequest[]): Target {
  const { view, world } = ground;
  const authority = world.authorities.get("ng");
  if (authority === undefined) throw new Error("there is no ng");
  const folder = makeFolder();
  const journal = makeMemoryJournal();
  const round = { authority, journal, register: view, folder, now: fuzzNow, chance: makeSeededChance("fuzz round") };
  const keys = requests.map(({ request }) => parseRequest(request).spki);
  const readOr = (bytes: Bytes): RenewalRequest | undefined => {
    try {
      return parseRenewalRequest(bytes);
    } catch {
      return undefined;
    }
  };
  return {
    name: "certs/tendRenewals",
    shape: "proto",
    seeds: requests.flatMap((one, at) =>
      [0, 1].map((isSigned) => pack(utf8(renderRenewalRequest(one)), Buffer.of(at), Buffer.of(isSigned), Buffer.alloc(0))),
    ),
    run: async (input) => {
      const piece = unpack(input);
      const found = readOr(piece(0));
      const isSigned = piece(2)[0] === 1 && found !== undefined;
      const file = isSigned ? utf8(renderRenewalRequest(sign(ground, found))) : piece(0);
      const key = keys[(piece(1)[0] ?? 0) % keys.length] ?? new Uint8Array();
      const path = join(folder, renewalName(found?.kind === "LINK" ? "LINK" : "SIGNING", key));
      writeFileSync(`${path}.request`, file);
      // what an earlier round left there may be anything as well
      writeFileSync(`${path}.certificate`, piece(3));
      const { added, refused } = await tendRenewals(round);
      for (const { agency: named, line } of added) {
        const { spki } = parseCertificate(line.certificate);
        const isAsked = named === agency && keys.some((one) => sameBytes(one, spki));
        hold(isAsked, "a certificate is made that nobody asked for");
      }
      const own = refused.find((one) => path.endsWith(one.file.replace(".request", "")));
      hold(own?.code !== "INTERNAL", "a request makes the round fail inside");
      if (own !== undefined) throw new Fault(own.code, own.detail);
    },
  };
} // prettier-ignore

async function endorsementTargets({ world }: FuzzGround): Promise<readonly Target[]> {
  const old = await issueSealing(world, "gh/fiu");
  const next = await issueSealing(world, "gh/fiu", fuzzNow + 1000);
  const { thumbprint } = next.leaf;
  const previous = { key: makeSigningKey(old.privateKey), thumbprint: old.leaf.thumbprint };
  const good = endorseSealingKey(previous, { agency: "gh/fiu", thumbprint });
  const register = publishSealing(world, "gh/fiu", [sealingLine(old), sealingLine(next, [good])]);
  const pinned = [{ thumbprint: old.leaf.thumbprint, isBelieved: true }];
  const line = { kind: "SEALING", certificate: next.certificate, thumbprint, agency: "gh/fiu" } as const;
  return [
    {
      name: "certs/parseCarriedEndorsement",
      shape: "json",
      codes: ["SIGNATURE_MALFORMED"],
      seeds: [utf8(renderCarriedEndorsement({ ...good, thumbprint }))],
      run: (input) => {
        const found = parseCarriedEndorsement(input);
        const again = parseCarriedEndorsement(utf8(renderCarriedEndorsement(found)));
        holdSame(again, found, "an endorsement does not come back from its file");
      },
    },
    {
      name: "certs/judgeSealingKey",
      shape: "proto",
      seeds: [pack(encodeEndorsement(good)), pack(encodeEndorsement(good), encodeEndorsement({ endorser: "ng", signature: good.signature }))],
      run: (input) => {
        const piece = unpack(input);
        const endorsements = [0, 1].filter((at) => piece(at).length > 0).map((at) => decodeEndorsement(piece(at)));
        const candidate = { ...line, endorsements };
        const verdict = judgeSealingKey({ pinned, candidate, register, at: fuzzNow + 2000 });
        const isGood = endorsements.some(({ endorser, signature }) => endorser === good.endorser && signature === good.signature);
        hold((verdict === "endorsed") === isGood, "a changed word on a sealing key is believed, or a good one is not");
        if (verdict !== "endorsed") throw new Fault("SEAL_KEY_UNCONFIRMED", "nobody vouches");
      },
    },
  ];
} // prettier-ignore

/** What an authority answers, as it is carried back. */
async function answerTarget({ world }: FuzzGround): Promise<Target> {
  const sealing = await issueSealing(world, agency);
  const { certificate, leaf, privateKey } = sealing;
  const folder = makeFolder();
  const name = renewalName("SEALING", leaf.spki);
  const place = { agency, folder, disk: realDisk };
  const pending = { name, kind: "SEALING", key: privateKey, spki: leaf.spki } as const;
  return {
    name: "certs/findCertificate",
    shape: "text",
    seeds: [utf8(renderPem("CERTIFICATE", certificate))],
    run: (input) => {
      writeFileSync(join(folder, `${name}.certificate`), input);
      const found = findCertificate(place, pending);
      if (found === undefined) throw new Fault("CERT_UNKNOWN", "none is for this key");
      hold(sameBytes(found.spki, leaf.spki), "a certificate of another key is taken");
    },
  };
}

/** The gateway's own folder of renewed keys: read at every start, and written to while power may fail. */
async function folderTarget({ world }: FuzzGround): Promise<Target> {
  const { certificate, leaf, privateKey } = await issueSealing(world, agency);
  const folder = makeFolder();
  const path = join(folder, renewalName("SEALING", leaf.spki));
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  return {
    name: "certs/loadRenewed",
    shape: "proto",
    codes: ["CONFIG_INVALID", "KEY_UNUSABLE", ...packCodes],
    seeds: [pack(utf8(pem), utf8(renderPem("CERTIFICATE", certificate)))],
    run: (input) => {
      const piece = unpack(input);
      writeFileSync(`${path}.key`, piece(0), { mode: 0o600 });
      writeFileSync(`${path}.pem`, piece(1));
      const { pairs, pending } = loadRenewed(folder, agency);
      hold(pairs.length + pending.length === 1, "a key is lost, or stands twice");
      const [pair] = pairs;
      const isOwn = pair === undefined || sameBytes(pair.certificate.spki, leaf.spki);
      hold(isOwn, "a key stands with another's certificate");
    },
  };
}

/** Readers of what is carried between an agency and its authority when certificates are renewed. */
export async function makeRenewalTargets(ground: FuzzGround): Promise<readonly Target[]> {
  const requests = await makeRequests(ground);
  return [
    requestTarget(requests),
    roundTarget(ground, requests),
    ...(await endorsementTargets(ground)),
    await answerTarget(ground),
    await folderTarget(ground),
  ];
}
