import java.math.BigDecimal;
import java.util.*;
import java.util.stream.Collectors;

/** JSON as maps, lists and values, because Java brings no reader of it; where your system has one, use that. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) { this.text = text; }

  static Object parse(String text) { return new Json(text).value(); }

  /** What stands at a path of names. */
  @SuppressWarnings("unchecked")
  static <T> T get(Object json, String... path) {
    for (String name : path) json = ((Map<String, Object>) json).get(name);
    return (T) json;
  }

  static String render(Object json) {
    if (json instanceof Map<?, ?> map) return map.entrySet().stream().map(e -> quote((String) e.getKey()) + ":" + render(e.getValue())).collect(Collectors.joining(",", "{", "}"));
    if (json instanceof List<?> list) return list.stream().map(Json::render).collect(Collectors.joining(",", "[", "]"));
    return json instanceof String string ? quote(string) : String.valueOf(json);
  }

  private static String quote(String string) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : string.toCharArray()) out.append(c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : c);
    return out.append('"').toString();
  }

  /** The next sign that is no space. */
  private char peek() {
    while (Character.isWhitespace(text.charAt(at))) at++;
    return text.charAt(at);
  }

  private boolean took(char sign) {
    if (peek() != sign) return false;
    at++;
    return true;
  }

  private Object value() {
    if (took('{')) return members();
    if (took('[')) return items();
    if (took('"')) return string();
    int from = at;
    while (at < text.length() && "-+.eE0123456789truefalsn".indexOf(text.charAt(at)) >= 0) at++;
    String word = text.substring(from, at);
    return switch (word) { case "true" -> true; case "false" -> false; case "null" -> null; default -> new BigDecimal(word); };
  }

  private Map<String, Object> members() {
    Map<String, Object> map = new LinkedHashMap<>();
    while (!took('}')) {
      took(',');
      took('"');
      String name = string();
      took(':');
      map.put(name, value());
    }
    return map;
  }

  private List<Object> items() {
    List<Object> list = new ArrayList<>();
    while (!took(']')) {
      took(',');
      list.add(value());
    }
    return list;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      if (c != '\\') { out.append(c); continue; }
      char escaped = text.charAt(at++);
      if (escaped == 'u') out.append((char) Integer.parseInt(text.substring(at, at += 4), 16));
      else out.append("bfnrt".indexOf(escaped) < 0 ? escaped : "\b\f\n\r\t".charAt("bfnrt".indexOf(escaped)));
    }
    return out.toString();
  }
}
