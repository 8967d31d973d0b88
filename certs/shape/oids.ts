/** Object identifiers we read or write, RFC 5280 §4.2 unless said. */
export const oids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  crlNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  invalidityDate: "2.5.29.24",
  deltaCrlIndicator: "2.5.29.27",
  issuingDistributionPoint: "2.5.29.28",
  certificateIssuer: "2.5.29.29",
  nameConstraints: "2.5.29.30",
  crlDistributionPoints: "2.5.29.31",
  certificatePolicies: "2.5.29.32",
  anyPolicy: "2.5.29.32.0",
  policyMappings: "2.5.29.33",
  authorityKeyId: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extendedKeyUsage: "2.5.29.37",
  anyExtendedKeyUsage: "2.5.29.37.0",
  freshestCrl: "2.5.29.46",
  inhibitAnyPolicy: "2.5.29.54",
  authorityInfoAccess: "1.3.6.1.5.5.7.1.1",
  subjectInfoAccess: "1.3.6.1.5.5.7.1.11",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  /** RFC 9336. */
  documentSigning: "1.3.6.1.5.5.7.3.36",
  /** RFC 2985 §5.4.2. */
  extensionRequest: "1.2.840.113549.1.9.14",
} as const;

/** Extensions whose meaning we act on in a certificate of our own; any other critical one is refused. */
export const processedExtensions: ReadonlySet<string> = new Set([
  oids.subjectKeyId,
  oids.keyUsage,
  oids.subjectAltName,
  oids.basicConstraints,
  oids.nameConstraints,
  oids.authorityKeyId,
  oids.extendedKeyUsage,
]);

/** Extensions whose meaning we act on in a certificate of RFC 5280; any other critical one is refused. */
export const generalExtensions: ReadonlySet<string> = new Set([
  ...processedExtensions,
  oids.crlDistributionPoints,
  oids.certificatePolicies,
  oids.policyMappings,
  oids.policyConstraints,
  oids.freshestCrl,
  oids.inhibitAnyPolicy,
  oids.authorityInfoAccess,
  oids.subjectInfoAccess,
]);
