import { parseCertificate } from "../../certs/shape/index.ts";
import { proveCertificate, type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  renderHex,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import { installAnswer, type JoinState, readPublicKeys } from "./home.ts";
import {
  checkLetter,
  type JoinKind,
  joinKinds,
  type Letter,
  maxLetterBytes,
  parseLetter,
} from "./letters.ts";
import type { FoundKit } from "./open-kit.ts";
import { readPlainFile } from "./plain-file.ts";

const maxRegisterBytes = 64 * 1024 * 1024;

/** What is checked, and against what. */
export interface AnswerPlace {
  readonly home: string;
  readonly state: JoinState;
  readonly found: FoundKit;
  readonly now: EpochMs;
}

function readAnswer(folder: string, { state, found }: AnswerPlace): Letter {
  const letter = parseLetter("answer", readPlainFile(folder, "answer.json", maxLetterBytes));
  const { kit } = found;
  if (state.manifest !== renderHex(sha256(found.manifest))) {
    throw new Fault("KIT_INVALID", "the gateway's folder was begun with another kit");
  }
  if (letter.kit !== kit.id || letter.agency !== kit.agency) {
    throw new Fault("KIT_INVALID", "the answer is to another kit");
  }
  checkLetter("answer", letter, Buffer.from(state.key ?? "", "hex"));
  return letter;
}

/** The register that came, which must be no older than the one the kit brought. */
function readRegister(folder: string, { found }: AnswerPlace): { readonly bytes: Bytes; readonly view: ProvenRegister } {
  const bytes = readPlainFile(folder, "register.bin", maxRegisterBytes);
  const anchors = { root: found.files["root.json"] };
  const view = verifyRegister(bytes, anchors);
  const { epoch } = verifyRegister(found.files["register.bin"], anchors);
  if (view.epoch >= epoch) return { bytes, view };
  throw new Fault("REGISTER_ROLLBACK", `the answer brings epoch ${view.epoch}, the kit brought ${epoch}`);
} // prettier-ignore

/** Each certificate is of the key that was made here, and the register names it. */
function checkCertificates(letter: Letter, view: ProvenRegister, { home, now }: AnswerPlace): void {
  const own = readPublicKeys(home);
  const check = (kind: JoinKind): void => {
    const [leaf] = letter.parts[kind];
    const certificate = leaf === undefined ? undefined : parseCertificate(leaf);
    if (certificate === undefined || !sameBytes(certificate.spki, own[kind])) {
      throw new Fault("KIT_INVALID", `the ${kind} certificate is not of the key that was made here`);
    }
    const { thumbprint } = certificate;
    proveCertificate(view, { agency: letter.agency, kind, thumbprint }, now);
  };
  for (const kind of joinKinds) check(kind);
} // prettier-ignore

/**
 * Takes an office's answer into a gateway's folder: everything is checked before a file is written.
 *
 * @returns the register that names the new certificates
 * @throws {Fault} KIT_INVALID, KIT_CODE_WRONG, REGISTER_*, CERT_*, KEY_UNUSABLE, STORE_WRITE_FAILED
 */
export function takeAnswer(folder: string, place: AnswerPlace): ProvenRegister {
  const letter = readAnswer(folder, place);
  const { bytes, view } = readRegister(folder, place);
  checkCertificates(letter, view, place);
  installAnswer(place.home, letter.parts, { register: bytes, state: place.state });
  return view;
}
