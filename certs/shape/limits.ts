/** Every size and count limit of certificates and what leads to them, with its unit and reason. */
export const certLimits = {
  /** Bytes of one certificate: ours have about 700; classical keys never need more than 2 kB. */
  maxCertificateBytes: 8 * 1024,
  /** Bytes of one certificate request. */
  maxRequestBytes: 4 * 1024,
  /** Bytes of one CRL: about 25,000 revoked certificates, a hundred times a state's agencies. */
  maxCrlBytes: 1024 * 1024,
  /** Constructed values inside one another; a certificate of ours has nine. */
  maxDerDepth: 16,
  /** Octets of a serial number, RFC 5280 §4.1.2.2. */
  maxSerialBytes: 20,
  /** Certificates of one path, leaf and root counted. */
  maxPathLength: 4,
  /** Issuer candidates looked at for one leaf, so that cross-signed certificates cannot cost us time. */
  maxCandidates: 16,
  /** Proven paths remembered: every certificate of a full register a few times over. */
  maxProvenPaths: 16_384,
} as const;
