/** Object identifiers we read or write, RFC 5280 §4.2 unless said. */
export const oids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  crlNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  nameConstraints: "2.5.29.30",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  /** RFC 9336. */
  documentSigning: "1.3.6.1.5.5.7.3.36",
  /** RFC 2985 §5.4.2. */
  extensionRequest: "1.2.840.113549.1.9.14",
} as const;

/** Extensions of a certificate whose meaning we act on; any other critical one is refused. */
export const processedExtensions: ReadonlySet<string> = new Set([
  oids.subjectKeyId,
  oids.keyUsage,
  oids.subjectAltName,
  oids.basicConstraints,
  oids.nameConstraints,
  oids.authorityKeyId,
  oids.extendedKeyUsage,
]);
