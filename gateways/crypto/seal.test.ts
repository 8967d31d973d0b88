import { generalDecrypt, type GeneralJWE } from "jose";
import { beforeAll, describe, expect, it } from "vitest";

import { type Bytes, makeUuid, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { believesAll } from "../../test/kit/believes-all.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  makeOpeningKey,
  type OpeningKey,
  type SealPlace,
  sealRecipients,
  type SealRecipient,
} from "./keys.ts";
import { openBody } from "./open.ts";
import { padParts } from "./pad.ts";
import { sealBody } from "./seal.ts";

const now = 1_780_272_000_000;
const id = makeUuid(now, systemChance);
const other = makeUuid(now, systemChance);
const parts = utf8("parts in the clear");
const type = "alert.incident";

let world: GatewayWorld;
let readers: readonly SealRecipient[];

function keyOf(agency: string): OpeningKey {
  const { certificate, key } = world.agency(agency).sealing;
  return makeOpeningKey(certificate, key);
}

/** As a gateway that met every key first. */
function placeAt(at: number): SealPlace {
  return { register: world.view, now: at, believes: believesAll };
}

function isJwe(value: unknown): value is GeneralJWE {
  return typeof value === "object" && value !== null && "recipients" in value;
}

function parseJwe(sealed: Bytes): GeneralJWE {
  const value: unknown = JSON.parse(Buffer.from(sealed).toString("utf8"));
  if (!isJwe(value)) throw new Error("not a JWE");
  return value;
}

function changed(sealed: Bytes, change: (jwe: GeneralJWE) => unknown): Bytes {
  return utf8(JSON.stringify(change(parseJwe(sealed))));
}

function flip(text: string): string {
  return (text.startsWith("A") ? "B" : "A") + text.slice(1);
}

const originator = "ng/tcu";
const cannot = { code: "BODY_CANNOT_BE_OPENED" };

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  readers = sealRecipients(placeAt(now), ["ng/tcu", "gh/tcu"]);
});

describe("sealBody", () => {
  it("each recipient opens the one ciphertext with a key of his own", async () => {
    const sealed = await sealBody({ originator, parts, id, type, recipients: readers });
    for (const agency of ["ng/tcu", "gh/tcu"]) {
      const opened = await openBody({ originator, sealed, id, type, keys: [keyOf(agency)] });
      expect(Buffer.from(opened).equals(parts)).toBe(true);
    }
  });

  it("a body for one recipient opens too, and any of several keys of ours may fit", async () => {
    const sealed = await sealBody({ originator, parts, id, recipients: readers.slice(0, 1) });
    const opened = await openBody({
      originator,
      sealed,
      id,
      keys: [keyOf("gh/tcu"), keyOf("ng/tcu")],
    });
    expect(Buffer.from(opened).equals(parts)).toBe(true);
  });

  it("what is sealed opens with a plain JWE library and names its certificates", async () => {
    const sealed = await sealBody({ originator, parts, id, type, recipients: readers });
    const jwe = parseJwe(sealed);
    const { plaintext, protectedHeader } = await generalDecrypt(jwe, keyOf("gh/tcu").key);
    expect(Buffer.from(plaintext).equals(padParts(parts))).toBe(true);
    expect(protectedHeader).toMatchObject({ enc: "A256GCM", aty: type });
    expect(jwe.recipients.map(({ header }) => header?.["kid"])).toEqual([
      keyOf("ng/tcu").kid,
      keyOf("gh/tcu").kid,
    ]);
  });

  it("nobody, or more than may be, is refused", async () => {
    await expect(sealBody({ originator, parts, id, type, recipients: [] })).rejects.toMatchObject({
      code: "SEAL_NO_RECIPIENTS",
    });
    const many = Array.from({ length: 9 }, () => readers[0]!);
    await expect(sealBody({ originator, parts, id, type, recipients: many })).rejects.toMatchObject(
      {
        code: "SEAL_TOO_MANY_RECIPIENTS",
      },
    );
  });

  it("a body that would not fit into a publication is refused", async () => {
    const large = new Uint8Array(200 * 1024);
    await expect(
      sealBody({ originator, parts: large, id, type, recipients: readers }),
    ).rejects.toMatchObject({
      code: "CODEC_TOO_LARGE",
    });
  });
});

describe("sealRecipients", () => {
  it("an agency without a certificate that holds now is named in the refusal", () => {
    const late = now + 400 * 86_400_000;
    expect(() => sealRecipients(placeAt(late), ["gh/tcu"])).toThrow(
      expect.objectContaining({ code: "SEAL_KEY_MISSING" }),
    );
  });
});

describe("openBody", () => {
  it("a key that it was not sealed to does not open it", async () => {
    const sealed = await sealBody({ originator, parts, id, type, recipients: readers.slice(0, 1) });
    await expect(
      openBody({ originator, sealed, id, type, keys: [keyOf("gh/tcu")] }),
    ).rejects.toMatchObject(cannot);
    await expect(openBody({ originator, sealed, id, type, keys: [] })).rejects.toMatchObject(
      cannot,
    );
  });

  it("a seal moved under another originator's envelope does not open", async () => {
    const sealed = await sealBody({ originator, parts, id, type, recipients: readers });
    const keys = [keyOf("gh/tcu")];
    const moved = { originator: "gh/tcu", sealed, id, type, keys };
    await expect(openBody(moved)).rejects.toMatchObject(cannot);
  });

  it("a seal moved to another message, or to another type, does not open", async () => {
    const sealed = await sealBody({ originator, parts, id, type, recipients: readers });
    const keys = [keyOf("gh/tcu")];
    await expect(openBody({ originator, sealed, id: other, type, keys })).rejects.toMatchObject(
      cannot,
    );
    await expect(
      openBody({ originator, sealed, id, type: "bulletin.red_flag", keys }),
    ).rejects.toMatchObject(cannot);
    await expect(openBody({ originator, sealed, id, keys })).rejects.toMatchObject(cannot);
  });

  const changes: Readonly<Record<string, (jwe: GeneralJWE) => unknown>> = {
    "the ciphertext": (jwe) => ({ ...jwe, ciphertext: flip(jwe.ciphertext) }),
    "the tag": (jwe) => ({ ...jwe, tag: flip(jwe.tag ?? "") }),
    "the iv": (jwe) => ({ ...jwe, iv: flip(jwe.iv ?? "") }),
    "the protected header": (jwe) => ({
      ...jwe,
      protected: Buffer.from(
        Buffer.from(jwe.protected ?? "", "base64url")
          .toString("utf8")
          .replace("{", "{ "),
      ).toString("base64url"),
    }),
    "an encrypted key": (jwe) => ({
      ...jwe,
      recipients: jwe.recipients.map((one) => ({
        ...one,
        encrypted_key: flip(one.encrypted_key ?? ""),
      })),
    }),
    "an ephemeral key": (jwe) => ({
      ...jwe,
      recipients: jwe.recipients.map((one, i, all) => ({
        ...one,
        header: { ...one.header, epk: all[1 - i]?.header?.["epk"] },
      })),
    }),
    "another algorithm": (jwe) => ({
      ...jwe,
      recipients: jwe.recipients.map((one) => ({
        ...one,
        header: { ...one.header, alg: "ECDH-ES" },
      })),
    }),
    "a compression": (jwe) => ({
      ...jwe,
      recipients: jwe.recipients.map((one) => ({ ...one, header: { ...one.header, zip: "DEF" } })),
    }),
    "a shared unprotected header": (jwe) => ({ ...jwe, unprotected: { crit: ["exp"] } }),
    "additional data": (jwe) => ({ ...jwe, aad: "AAAA" }),
    "no recipients": (jwe) => ({ ...jwe, recipients: [] }),
    "more recipients than may be": (jwe) => ({
      ...jwe,
      recipients: Array.from({ length: 9 }, () => jwe.recipients[1]),
    }),
  };

  it.each(Object.keys(changes))(
    "with %s changed it does not open, and says no more than that",
    async (name) => {
      const sealed = await sealBody({ originator, parts, id, type, recipients: readers });
      const bad = changed(sealed, changes[name]!);
      const opening = openBody({ originator, sealed: bad, id, type, keys: [keyOf("gh/tcu")] });
      await expect(opening).rejects.toMatchObject({
        ...cannot,
        detail: "the body cannot be opened with our keys",
      });
    },
  );

  it.each(["zip", "crit", "iss", "alg"])(
    "a protected header with %s does not open",
    async (member) => {
      const sealed = await sealBody({ originator, parts, id, type, recipients: readers });
      const bad = changed(sealed, (jwe) => {
        const header = Buffer.from(jwe.protected ?? "", "base64url").toString("utf8");
        const more = header.replace("{", `{"${member}":"DEF",`);
        return { ...jwe, protected: Buffer.from(more).toString("base64url") };
      });
      await expect(
        openBody({ originator, sealed: bad, id, type, keys: [keyOf("gh/tcu")] }),
      ).rejects.toMatchObject(cannot);
    },
  );

  it.each(["", "{}", "[]", "not JSON", `{"recipients":1}`, "\u0000"])(
    "%j does not open",
    async (text) => {
      const sealed = utf8(text);
      await expect(
        openBody({ originator, sealed, id, type, keys: [keyOf("gh/tcu")] }),
      ).rejects.toMatchObject(cannot);
    },
  );
});
