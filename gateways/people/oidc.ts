import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  None,
} from "openid-client";
import { z } from "zod";

import {
  type Chance,
  Fault,
  isFault,
  renderBase64url,
  tryShape,
} from "../../schemas/ground/index.ts";
import type { OidcChoice } from "./choice.ts";

/** What a question to the identity provider is bound to. */
export interface OidcBinding {
  readonly state: string;
  readonly nonce: string;
  /** PKCE. */
  readonly verifier: string;
  readonly redirectUri: string;
  /** Whether the person is to prove to be there now, however lately she signed in. */
  readonly isFresh: boolean;
}

/** What the provider's signed word says of who came back. */
export interface OidcWord {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** Seconds; when the person last proved to be there to the provider. */
  readonly authTime?: number | undefined;
  readonly acr?: string | undefined;
  /** The values of the claim that gives roles. */
  readonly groups: readonly string[];
}

/** The agency's one identity provider. */
export interface OidcProvider {
  /** Where the browser is sent. @throws {Fault} SIGN_IN_REFUSED when the provider does not answer */
  ask(binding: OidcBinding): Promise<URL>;
  /** Proves what came back. @throws {Fault} SIGN_IN_REFUSED */
  read(binding: OidcBinding, search: URLSearchParams): Promise<OidcWord>;
  /** Where the browser goes to be signed out there too; undefined when the provider has no such place, or does not answer. */
  leave(backTo: string): Promise<URL | undefined>;
}

const secretBytes = 32;
const timeoutSeconds = 10;
/** A code of the provider's is short; more is somebody's storm. */
const maxSearch = 4_096;

const text = z.string().max(400);
const claimsShape = z.looseObject({
  iss: text,
  sub: text.min(1),
  name: text.optional().catch(undefined),
  auth_time: z.number().int().optional(),
  acr: text.optional().catch(undefined),
});
const groupsShape = z.union([text.transform((one) => [one]), z.array(text).max(200)]);

/** A value nobody guesses. */
export function makeBinding(chance: Chance, redirectUri: string, isFresh: boolean): OidcBinding {
  const secret = (): string => renderBase64url(chance.bytes(secretBytes));
  return { state: secret(), nonce: secret(), verifier: secret(), redirectUri, isFresh };
}

function wordOf(choice: OidcChoice, claims: unknown): OidcWord {
  const { iss, sub, name, auth_time: authTime, acr } = claimsShape.parse(claims);
  const all = z.record(z.string(), z.unknown()).parse(claims);
  const claim = choice.roles?.claim;
  const groups = claim === undefined ? undefined : tryShape(groupsShape, all[claim]);
  const given = groups?.success === true ? groups.data : [];
  return { issuer: iss, subject: sub, name: name ?? sub, authTime, acr, groups: given };
}

function refuse(cause: unknown, detail: string): Fault {
  return new Fault("SIGN_IN_REFUSED", detail, { cause });
}

async function findProvider(choice: OidcChoice): Promise<Configuration> {
  const { issuer, clientId, clientSecret, insecure = false } = choice;
  const auth = clientSecret === undefined ? None() : ClientSecretBasic(clientSecret);
  // over TLS the signature of an identity token may be left unchecked; we check it always
  const execute = [enableNonRepudiationChecks, ...(insecure ? [allowInsecureRequests] : [])];
  return await discovery(new URL(issuer), clientId, undefined, auth, { execute, timeout: timeoutSeconds });
} // prettier-ignore

/** Builds the provider. It is asked for its own description when it is first needed, and again when that failed. */
export function makeOidcProvider(choice: OidcChoice): OidcProvider {
  let known: Promise<Configuration> | undefined;
  const provider = async (): Promise<Configuration> => {
    known ??= findProvider(choice);
    try {
      return await known;
    } catch (cause) {
      known = undefined;
      throw refuse(cause, "the identity provider does not answer; try later, or use a passkey");
    }
  };
  return {
    ask: async ({ state, nonce, verifier, redirectUri, isFresh }) => {
      const challenge = await calculatePKCECodeChallenge(verifier);
      const fresh = isFresh ? { prompt: "login", max_age: "0" } : {};
      return buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: "openid profile",
        code_challenge: challenge,
        code_challenge_method: "S256",
        state,
        nonce,
        ...fresh,
      });
    },
    leave: async (backTo) => {
      try {
        const config = await provider();
        if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
        return buildEndSessionUrl(config, { post_logout_redirect_uri: backTo });
      } catch (error) {
        // whoever signs out here is signed out here, whatever the provider does
        if (isFault(error, "SIGN_IN_REFUSED")) return undefined;
        throw error;
      }
    },
    read: async ({ state, nonce, verifier, redirectUri, isFresh }, search) => {
      if (search.toString().length > maxSearch) throw refuse(undefined, "the answer is too long");
      const config = await provider();
      const here = new URL(redirectUri);
      here.search = search.toString();
      try {
        const answer = await authorizationCodeGrant(config, here, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          ...(isFresh ? { maxAge: timeoutSeconds * 60 } : {}),
        });
        return wordOf(choice, answer.claims());
      } catch (cause) {
        throw refuse(cause, "the identity provider's answer was not proved; begin again");
      }
    },
  };
}
