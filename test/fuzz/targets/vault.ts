import { parseTyped } from "../../../gateways/vault/index.ts";
import { makeRecoveryCode, parseRecoveryCode } from "../../../gateways/vault/recovery-code.ts";
import { parseStoreKeys } from "../../../gateways/vault/store-keys-shape.ts";
import { makeSeededChance, sameBytes } from "../../../schemas/ground/index.ts";
import { parseJsonText } from "../../../schemas/index.ts";
import { hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const code = makeRecoveryCode(makeSeededChance("fuzz"));
const box = { salt: "AAECAwQFBgcICQoLDA0ODw", iv: "AAECAwQFBgcICQoL", box: "A".repeat(64) };
const cost = { n: 65_536, r: 8, p: 3 };
const storeKeys = {
  format: 1,
  agency: "ng/tcu",
  keys: [
    {
      id: "00112233445566778899aabbccddeeff",
      protectors: [
        { kind: "passphrase", name: "passphrase", ...box, pepper: box.salt, cost },
        { kind: "file", name: "stick", ...box },
        { kind: "token", name: "card", ...box, token: { iv: box.salt, box: box.box } },
        { kind: "recovery", name: "recovery", ...box },
      ],
    },
  ],
  suspended: { code: "MANDATE_SUSPENDED", epoch: 7, at: 1_780_272_000_000 },
};

/** What stands in a store's file of keys, and what people type to open a store. */
export const vaultTargets: readonly Target[] = [
  {
    ...jsonTarget("gateways/parseStoreKeys", [storeKeys], (text) => {
      const { keys } = parseStoreKeys(text);
      const costs = keys.flatMap(({ protectors }) =>
        protectors.flatMap((one) => (one.kind === "passphrase" ? [one.cost] : [])),
      );
      hold(
        costs.every(({ n, p }) => n <= 131_072 && p <= 16),
        "a file of keys asks for endless work",
      );
    }),
    codes: ["CONFIG_INVALID"],
  },
  {
    ...textTarget(
      "gateways/parseRecoveryCode",
      [code, code.toLowerCase().replaceAll("-", " ")],
      (text) => {
        const bytes = parseRecoveryCode(text);
        hold(bytes.length === 20, "a recovery code has another length");
        hold(sameBytes(bytes, parseRecoveryCode(text.trim())), "one code has two secrets");
      },
    ),
    codes: ["REQUEST_INVALID"],
  },
  {
    ...jsonTarget(
      "gateways/parseTyped",
      [{ passphrase: "four words of nobody" }, { recoveryCode: code }, {}],
      (text) => parseTyped(parseJsonText(text, 65_536), undefined),
    ),
    codes: ["REQUEST_INVALID", "JSON_MALFORMED", "CODEC_TOO_DEEP", "CODEC_TOO_LARGE"],
  },
];
