import java.io.IOException;
import java.net.URI;
import java.net.http.*;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;

/** The gateway that access.json in this folder names. By itself: Gateway METHOD PATH [JSON] */
final class Gateway {
  /** A no of the gateway (RFC 9457): its code, what it says, and each field that is wrong. */
  static final class Problem extends Exception {
    final boolean mayComeLater;

    Problem(Object said) {
      super(explain(said));
      mayComeLater = "later".equals(Json.get(said, "retry"));
    }

    private static String explain(Object said) {
      StringBuilder text = new StringBuilder(Json.get(said, "code") + ": " + Json.get(said, "detail"));
      List<Object> errors = Json.get(said, "errors");
      if (errors != null) for (Object one : errors) text.append("\n  " + Json.get(one, "pointer") + ": " + Json.get(one, "detail"));
      return text.toString();
    }
  }

  private static final HttpClient http = HttpClient.newHttpClient();
  private static String token;
  private static long until;

  static Object read(String file) throws IOException { return Json.parse(Files.readString(Path.of(file))); }

  private static Object call(String method, String path, String body, String... headers) throws IOException, InterruptedException, Problem {
    String url = Json.get(read("access.json"), "url");
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(70))
        .method(method, HttpRequest.BodyPublishers.ofString(body)).headers(headers).build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    Object said = answer.body().isEmpty() ? null : Json.parse(answer.body());
    if (answer.statusCode() >= 400) throw new Problem(said);
    return said;
  }

  private static String token() throws IOException, InterruptedException, Problem {
    Object access = read("access.json");
    if (Json.get(access, "tokenFile") != null) return Files.readString(Path.of(Json.<String>get(access, "tokenFile"))).trim();
    if (System.nanoTime() < until) return token;
    Object machine = read(Json.get(access, "machineFile")); // what `machine add --json` printed
    String pair = Json.get(machine, "id") + ":" + Json.get(machine, "proof", "secret");
    Object given = call("POST", "/v1/oauth/token", "grant_type=client_credentials", "Content-Type", "application/x-www-form-urlencoded",
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes()));
    until = System.nanoTime() + (Json.<Number>get(given, "expires_in").longValue() - 60) * 1_000_000_000L;
    return token = Json.get(given, "access_token");
  }

  static Object ask(String method, String path) throws IOException, InterruptedException, Problem {
    return call(method, path, "", "Authorization", "Bearer " + token());
  }

  static Object send(String method, String path, Object body, String key) throws IOException, InterruptedException, Problem {
    return call(method, path, Json.render(body), "Authorization", "Bearer " + token(), "Content-Type", "application/json", "Idempotency-Key", key);
  }

  interface Work { void run() throws Exception; }

  /** Does the work; shows a no, and ends with 1. */
  static void finish(Work work) throws Exception {
    try {
      work.run();
    } catch (Problem problem) {
      System.err.println(problem.getMessage());
      System.exit(1);
    }
  }

  public static void main(String[] args) throws Exception {
    finish(() -> System.out.println(Json.render(args.length < 3 ? ask(args[0], args[1]) : send(args[0], args[1], Json.parse(args[2]), "none"))));
  }
}
