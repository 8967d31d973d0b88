import { isAbsolute } from "node:path";

import {
  isFingerprintOf,
  makeTranscript,
  renderFingerprint,
  verifyCaRequest,
  verifyTranscript,
} from "../../../certs/authority/index.ts";
import {
  makeHeldKey,
  makeKeyPair,
  parseTokenPlace,
  renderRequest,
} from "../../../certs/keys/index.ts";
import { isSignedBy, parseRequest, renderExtension } from "../../../certs/shape/index.ts";
import { renderHex, sameBytes, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { fuzzNow } from "../ground.ts";
import { hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

function placeTarget(): Target {
  return {
    name: "certs/parseTokenPlace",
    shape: "text",
    codes: ["KEY_UNUSABLE"],
    seeds: [
      "pkcs11:token=ng%20ca;object=root;type=private?module-path=/lib/p.so&pin-source=file:/run/pin",
      "pkcs11:object=a;token=b?module-path=/p.so",
    ].map(utf8),
    run: (input) => {
      const { library, token, object, pinFile } = parseTokenPlace(textOf(input));
      hold(token !== "" && object !== "", "a key without a name");
      hold(isAbsolute(library) && isAbsolute(pinFile ?? "/"), "a file that is not told whole");
    },
  };
}

function transcriptTarget(): Target {
  const transcript = makeTranscript();
  ["Ceremony", "Ama Mensah: type it — 00 11\u0007", "Done"].forEach((said) =>
    transcript.add(fuzzNow, said),
  );
  const good = transcript.text();
  return {
    name: "certs/verifyTranscript",
    shape: "text",
    codes: ["INTEGRITY_STORE"],
    seeds: [utf8(good)],
    run: (input) => {
      const text = textOf(input);
      hold(
        verifyTranscript(text) === renderHex(sha256(utf8(text))),
        "the digest is of another text",
      );
      hold(good.startsWith(text), "a changed transcript is whole");
    },
  };
}

function caRequestTarget(): Target {
  const key = makeHeldKey(makeKeyPair("P-256"));
  const subject = { commonName: "ng issuing", organisation: "ng.atumpan" };
  const request = renderRequest(
    { subject, extensions: [renderExtension.basicConstraints(0)] },
    key,
  );
  return {
    name: "certs/verifyCaRequest",
    shape: "der",
    codes: [
      "CSR_INVALID",
      "CSR_POSSESSION_UNPROVEN",
      "CSR_NAME_NOT_PERMITTED",
      "CSR_KEY_NOT_PERMITTED",
    ],
    seeds: [request],
    run: (input) => {
      const { spki } = verifyCaRequest(input);
      const read = parseRequest(input);
      hold(isSignedBy(read, read), "a request that its key did not sign");
      hold(sameBytes(spki, key.spki), "a changed request is proved");
      hold(isFingerprintOf(renderFingerprint(input), input), "a fingerprint does not come back");
      hold(sameBytes(read.tbs, parseRequest(request).tbs), "a changed request is proved");
    },
  };
}

/** What authorities read: places of keys, transcripts of ceremonies, requests of CAs. */
export const authorityTargets: readonly Target[] = [
  placeTarget(),
  transcriptTarget(),
  caRequestTarget(),
];
