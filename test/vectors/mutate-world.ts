import {
  type ExtensionValue,
  oids,
  renderDer,
  renderExtension,
  renderOid,
} from "../../certs/shape/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { type Draw } from "../fuzz/draw.ts";
import {
  type Change,
  having,
  lacking,
  madeAt,
  madeName,
  madeNames,
  reasonCode,
  type WorldChange,
} from "./made-chain.ts";

const ascii = (text: string): Bytes => Buffer.from(text, "latin1");
const names = (...list: readonly (readonly [number, Bytes])[]): Bytes =>
  renderDer(0x30, ...list.map(([tag, content]) => renderDer(tag, content)));
const yes = renderDer(0x01, Buffer.of(0xff));

/** Alternative names, of which each form has a few. */
function altNames(draw: Draw): ExtensionValue {
  const pool: readonly (readonly [number, Bytes])[] = [
    [0x82, ascii("host.ng.example")],
    [0x82, ascii("host.gh.example")],
    [0x82, ascii("*.ng.example")],
    [0x82, ascii("bad_host.example")],
    [0x81, ascii("desk@ng.example")],
    [0x81, ascii("desk@sub.gh.example")],
    [0x86, ascii("https://ng.example/desk")],
    [0x86, ascii("spiffe://gh.example/desk")],
    [0x87, Buffer.from([10, 1, 2, 3])],
    [0x87, Buffer.from([192, 0, 2, 1])],
    [0x87, Buffer.from([1, 2, 3])],
    [0xa4, madeNames(madeName("desk", { oid: "2.5.4.10" }))],
    [0xa0, Buffer.concat([renderOid("1.2.3.4"), renderDer(0xa0, renderDer(0x0c, ascii("x")))])],
  ];
  const chosen = Array.from({ length: 1 + draw.below(2) }, () => pool[draw.below(pool.length)]!);
  return { oid: oids.subjectAltName, critical: false, value: names(...chosen) };
}

/** Bases of every form that is read. */
const bases: readonly (readonly [number, Bytes])[] = [
  [0x82, ascii("ng.example")],
  [0x82, ascii("host.ng.example")],
  [0x82, ascii("")],
  [0x81, ascii("ng.example")],
  [0x81, ascii(".gh.example")],
  [0x81, ascii("desk@ng.example")],
  [0x86, ascii("ng.example")],
  [0x86, ascii(".example")],
  [0x87, Buffer.from([10, 0, 0, 0, 255, 0, 0, 0])],
  [0x87, Buffer.alloc(8)],
  [0xa4, madeNames(madeName("a leaf"))],
  [0xa4, madeNames(madeName("DESK", { oid: "2.5.4.10" }))],
];

/** Name constraints of one or two bases. */
function constraints(draw: Draw): ExtensionValue {
  const subtrees = (): Bytes => {
    const [tag, content] = bases[draw.below(bases.length)]!;
    return renderDer(0x30, renderDer(tag, content));
  };
  const lists = [
    ...(draw.below(3) > 0
      ? [renderDer(0xa0, subtrees(), ...(draw.below(2) > 0 ? [subtrees()] : []))]
      : []),
    ...(draw.below(2) > 0 ? [renderDer(0xa1, subtrees())] : []),
  ];
  return {
    oid: oids.nameConstraints,
    critical: draw.below(8) > 0,
    value: renderDer(0x30, ...lists),
  };
}

const policies = ["1.2.3.4.1", "1.2.3.4.2", oids.anyPolicy] as const;

function policyExtension(draw: Draw): ExtensionValue {
  const one = (): string => policies[draw.below(policies.length)]!;
  const count = renderDer(0x02, Buffer.of(draw.below(3)));
  const kind = draw.below(5);
  if (kind < 2) {
    const value = renderDer(0x30, renderDer(0x30, renderOid(one())));
    return { oid: oids.certificatePolicies, critical: draw.below(2) > 0, value };
  }
  if (kind === 2) {
    const value = renderDer(0x30, renderDer(0x30, renderOid(one()), renderOid(one())));
    return { oid: oids.policyMappings, critical: true, value };
  }
  if (kind === 3) return { oid: oids.inhibitAnyPolicy, critical: draw.below(8) > 0, value: count };
  const value = renderDer(0x30, renderDer(0x80 + draw.below(2), Buffer.of(draw.below(3))));
  return { oid: oids.policyConstraints, critical: draw.below(8) > 0, value };
}

function usageExtension(draw: Draw): ExtensionValue {
  const usages = ["digitalSignature", "keyCertSign", "cRLSign", "keyAgreement"] as const;
  const chosen = usages.filter(() => draw.below(2) > 0);
  const value = renderExtension.keyUsage(chosen.length > 0 ? chosen : ["nonRepudiation"]);
  return { ...value, critical: draw.below(3) > 0 };
}

function constraintsExtension(draw: Draw): ExtensionValue {
  const flag = draw.below(4) > 0 ? [yes] : [];
  const length = draw.below(2) > 0 ? [renderDer(0x02, Buffer.of(draw.below(3)))] : [];
  const value = renderDer(0x30, ...flag, ...length);
  return { oid: oids.basicConstraints, critical: draw.below(4) > 0, value };
}

function purposesExtension(draw: Draw): ExtensionValue {
  const pool = [oids.serverAuth, oids.clientAuth, oids.anyExtendedKeyUsage] as const;
  return { ...renderExtension.extendedKeyUsage([draw.pick(pool)]), critical: draw.below(6) === 0 };
}

function strangeExtension(draw: Draw): ExtensionValue {
  const oid = draw.pick([
    "1.3.6.1.4.1.55555.7",
    oids.freshestCrl,
    oids.crlDistributionPoints,
    oids.authorityInfoAccess,
  ]);
  const value = draw.pick([
    renderDer(0x05),
    renderDer(0x30),
    renderDer(
      0x30,
      renderDer(
        0x30,
        renderDer(0xa0, renderDer(0xa0, renderDer(0x86, ascii("http://ng.example/1")))),
      ),
    ),
  ]);
  return { oid, critical: draw.below(2) > 0, value };
}

const anyOid = [
  oids.subjectKeyId, oids.authorityKeyId, oids.keyUsage, oids.basicConstraints,
] as const; // prettier-ignore

/** Ways in which a certificate differs from a good one; each is signed by its true issuer all the same. */
const certificateChanges: readonly ((draw: Draw) => Change)[] = [
  (draw) => having(altNames(draw)),
  (draw) => having(altNames(draw)),
  (draw) => having(constraints(draw)),
  (draw) => having(constraints(draw)),
  (draw) => having(policyExtension(draw)),
  (draw) => having(policyExtension(draw), policyExtension(draw)),
  (draw) => having(usageExtension(draw)),
  (draw) => having(constraintsExtension(draw)),
  (draw) => having(purposesExtension(draw)),
  (draw) => having(strangeExtension(draw)),
  (draw) =>
    having({ oid: draw.pick(anyOid), critical: true, value: renderDer(0x04, draw.bytes(20)) }),
  (draw) => lacking(draw.pick(anyOid)),
  (draw) => ({ until: madeAt + (draw.below(3) - 1) * 1000 }),
  (draw) => ({ from: madeAt + (draw.below(3) - 1) * 1000 }),
  (draw) => ({
    serial: draw.pick([Buffer.of(0), Buffer.of(0x81), Buffer.alloc(20, 1), Buffer.alloc(21, 1)]),
  }),
  (draw) => ({
    issuerName: madeNames(
      madeName(draw.pick(["A Root", " a  root ", "an Issuing  CA", "another"]), {
        tag: draw.pick([0x0c, 0x13]),
      }),
    ),
  }),
  (draw) => ({ fields: (fields) => fields.filter((_, at) => at !== draw.below(8)) }),
  () => ({ extensions: (usual) => [...usual, ...usual.slice(0, 1)] }),
  () => ({ extensions: (usual) => usual.toReversed() }),
  () => ({ identifier: renderDer(0x30, renderOid("1.2.840.10045.4.3.1")) }),
];

function scope(draw: Draw): ExtensionValue {
  const point = renderDer(0xa0, renderDer(0xa0, renderDer(0x86, ascii("http://ng.example/1"))));
  const fields = [
    ...(draw.below(4) === 0 ? [point] : []),
    ...(draw.below(2) > 0 ? [renderDer(0x81 + draw.below(2), Buffer.of(0xff))] : []),
    ...(draw.below(5) === 0 ? [renderDer(0x83, Buffer.from("0640", "hex"))] : []),
    ...(draw.below(5) === 0 ? [renderDer(0x84, Buffer.of(0xff))] : []),
  ];
  return {
    oid: oids.issuingDistributionPoint,
    critical: draw.below(5) > 0,
    value: renderDer(0x30, ...fields),
  };
}

/** Ways in which a list differs from a good one. */
const listChanges: readonly ((draw: Draw) => Change)[] = [
  (draw) => having(scope(draw)),
  (draw) => having(strangeExtension(draw)),
  (draw) =>
    having({
      oid: oids.deltaCrlIndicator,
      critical: draw.below(3) > 0,
      value: renderDer(0x02, Buffer.of(1)),
    }),
  (draw) => lacking(draw.pick([oids.crlNumber, oids.authorityKeyId])),
  (draw) => ({ until: madeAt + (draw.below(3) - 1) * 1000 }),
  (draw) => ({ from: madeAt + (draw.below(3) - 1) * 1000 }),
  (draw) => ({ fields: (fields) => fields.filter((_, at) => at !== draw.below(6)) }),
  (draw) =>
    having({
      oid: oids.authorityKeyId,
      critical: false,
      value: renderDer(0x30, renderDer(0x80, draw.bytes(20))),
    }),
];

/** Draws how a world differs from a good one: in at most three places. */
export function drawWorld(draw: Draw): WorldChange {
  const certificate = (): Change =>
    certificateChanges[draw.below(certificateChanges.length)]!(draw);
  const list = (): Change => listChanges[draw.below(listChanges.length)]!(draw);
  const often = draw.below(3) > 0;
  return {
    ...(draw.below(6) === 0 ? { root: certificate() } : {}),
    ...(often ? { issuing: certificate() } : {}),
    ...(draw.below(2) > 0 ? { leaf: certificate() } : {}),
    ...(draw.below(6) === 0 ? { rootList: list() } : {}),
    ...(draw.below(4) === 0 ? { issuingList: list() } : {}),
  };
}

/** An entry that revokes, or says that it does not. */
export function drawEntryExtensions(draw: Draw): readonly ExtensionValue[] {
  return draw.pick([[], [reasonCode(1)], [reasonCode(6)], [reasonCode(8)]]);
}
