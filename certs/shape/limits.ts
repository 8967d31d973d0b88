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
  /** Bytes of one certificate of RFC 5280, which may hold RSA keys and long lists of names. */
  maxGeneralCertificateBytes: 16 * 1024,
  /** Names, policies, mappings or subtrees in one extension. */
  maxListed: 1024,
  /** Policies or mappings in one certificate: the work on them grows with their square. */
  maxListedPolicies: 64,
  /** Bits of an RSA modulus: less is weak, more costs time. */
  minRsaBits: 2048,
  maxRsaBits: 8192,
  /** Certificates of one path of RFC 5280. */
  maxGeneralPathLength: 12,
  /** Anchors, intermediates or lists in one question. */
  maxDocuments: 256,
  /** Bytes of all documents of one question: reading a mebibyte takes up to a third of a second. */
  maxQuestionBytes: 2 * 1024 * 1024,
  /** Signatures verified for one question: at 3 ms for the slowest kind, a sixth of the second we give it. */
  maxSignatures: 48,
  /** Whole paths judged for one question, those of list signers included. */
  maxJudgedPaths: 128,
  /** Names, constraints and possible issuers compared for one question. */
  maxComparisons: 131_072,
  /** Proven paths remembered: every certificate of a full register a few times over. */
  maxProvenPaths: 16_384,
  /** Proven signatures remembered, of certificates and lists: those of a full register, about 200 bytes each. */
  maxProvenSignatures: 16_384,
} as const;
