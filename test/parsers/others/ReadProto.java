// Reads encoded messages, one a line (name, space, base64), by a descriptor set; writes each by its field numbers.
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public final class ReadProto {
  static final Map<String, FileDescriptorProto> sources = new HashMap<>();
  static final Map<String, FileDescriptor> built = new HashMap<>();

  static FileDescriptor build(String name) throws Exception {
    FileDescriptor known = built.get(name);
    if (known != null) return known;
    FileDescriptorProto source = sources.get(name);
    List<FileDescriptor> needs = new ArrayList<>();
    for (String need : source.getDependencyList()) needs.add(build(need));
    FileDescriptor made = FileDescriptor.buildFrom(source, needs.toArray(new FileDescriptor[0]));
    built.put(name, made);
    return made;
  }

  static String hex(byte[] bytes) {
    StringBuilder b = new StringBuilder();
    for (byte one : bytes) b.append(String.format("%02x", one));
    return b.toString();
  }

  static String value(FieldDescriptor field, Object held) {
    switch (field.getType()) {
      case MESSAGE: return plain((Message) held);
      case STRING: return "\"" + hex(((String) held).getBytes(StandardCharsets.UTF_8)) + "\"";
      case BYTES: return "x" + hex(((ByteString) held).toByteArray());
      case BOOL: return (Boolean) held ? "t" : "f";
      case DOUBLE: return String.format("d%016x", Double.doubleToLongBits((Double) held));
      case UINT32: return Integer.toUnsignedString((Integer) held);
      default: return held.toString();
    }
  }

  static String plain(Message message) {
    List<String> told = new ArrayList<>();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.isRepeated()) {
        List<String> items = new ArrayList<>();
        for (Object one : (List<?>) entry.getValue()) items.add(value(field, one));
        told.add(field.getNumber() + ":[" + String.join(",", items) + "]");
      } else told.add(field.getNumber() + ":" + value(field, entry.getValue()));
    }
    return "{" + String.join(",", told) + "}";
  }

  public static void main(String[] args) throws Exception {
    FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(Path.of(args[0])));
    Map<String, Descriptor> messages = new HashMap<>();
    for (FileDescriptorProto one : set.getFileList()) sources.put(one.getName(), one);
    for (String name : sources.keySet()) for (Descriptor one : build(name).getMessageTypes()) messages.put(one.getFullName(), one);
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "US-ASCII"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = line.indexOf(' ');
      Descriptor type = messages.get("atumpan." + line.substring(0, space));
      try {
        out.println(plain(DynamicMessage.parseFrom(type, Base64.getDecoder().decode(line.substring(space + 1)))));
      } catch (InvalidProtocolBufferException broken) {
        out.println("!");
      }
    }
    out.flush();
  }
}
