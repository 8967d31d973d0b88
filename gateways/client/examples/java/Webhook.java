import java.security.*;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Whether a call comes from the gateway: a signature by the Standard Webhooks specification. */
final class Webhook {
  static boolean isOurs(Map<String, List<String>> headers, byte[] body, String secret) throws GeneralSecurityException {
    String sentAt = one(headers, "Webhook-timestamp");
    if (!sentAt.matches("[0-9]{1,12}") || Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(sentAt)) > 300) return false; // perhaps played back
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
    mac.update((one(headers, "Webhook-id") + "." + sentAt + ".").getBytes());
    byte[] wanted = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes();
    String[] given = one(headers, "Webhook-signature").split(" "); // several while a secret is changed
    return Arrays.stream(given).anyMatch(signature -> MessageDigest.isEqual(wanted, signature.getBytes()));
  }

  private static String one(Map<String, List<String>> headers, String name) {
    return headers.getOrDefault(name, List.of("")).get(0);
  }
}
