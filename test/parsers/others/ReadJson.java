// Reads documents, one a line in base64, with Jackson; writes each in the plain form of test/parsers/plain-form.ts.
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public final class ReadJson {
  static String number(String literal) {
    double value = Double.parseDouble(literal);
    if (literal.matches("-?[0-9]+") && !Double.isInfinite(value)) {
      BigInteger whole = new BigInteger(literal);
      if (new BigDecimal(value).toBigInteger().compareTo(whole) != 0) return "#i" + whole;
    }
    if (Double.isInfinite(value)) return "#x";
    return String.format("#%016x", value == 0 ? 0 : Double.doubleToLongBits(value));
  }

  static String text(String s) {
    StringBuilder b = new StringBuilder("\"");
    for (int at = 0; at < s.length(); at++) b.append(String.format("%04x", (int) s.charAt(at)));
    return b.append('"').toString();
  }

  static String value(JsonParser parser, JsonToken token) throws IOException {
    switch (token) {
      case VALUE_NULL: return "n";
      case VALUE_TRUE: return "t";
      case VALUE_FALSE: return "f";
      case VALUE_STRING: return text(parser.getText());
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT: return number(parser.getText());
      case START_ARRAY: {
        List<String> all = new ArrayList<>();
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) all.add(value(parser, next));
        return "[" + String.join(",", all) + "]";
      }
      case START_OBJECT: {
        Map<String, String> members = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = text(parser.currentName());
          members.put(name, value(parser, parser.nextToken()));
        }
        List<String> all = new ArrayList<>();
        members.forEach((name, held) -> all.add(name + ":" + held));
        return "{" + String.join(",", all) + "}";
      }
      default: throw new IOException("unexpected");
    }
  }

  public static void main(String[] args) throws IOException {
    JsonFactory factory = new JsonFactory();
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "US-ASCII"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String told;
      try (JsonParser parser = factory.createParser(Base64.getDecoder().decode(line))) {
        JsonToken first = parser.nextToken();
        told = first == null ? "!" : value(parser, first);
        if (parser.nextToken() != null) told = "!";
      } catch (IOException | StackOverflowError broken) {
        told = "!";
      }
      out.println(told);
    }
    out.flush();
  }
}
