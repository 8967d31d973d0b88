// Reads encoded messages, one a line (name, space, base64), by a descriptor set; writes each by its field numbers.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"sort"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

func value(field protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch field.Kind() {
	case protoreflect.MessageKind:
		return plain(v.Message())
	case protoreflect.StringKind:
		return `"` + hex.EncodeToString([]byte(v.String())) + `"`
	case protoreflect.BytesKind:
		return "x" + hex.EncodeToString(v.Bytes())
	case protoreflect.BoolKind:
		if v.Bool() {
			return "t"
		}
		return "f"
	case protoreflect.DoubleKind:
		if math.IsNaN(v.Float()) {
			return "d7ff8000000000000"
		}
		return fmt.Sprintf("d%016x", math.Float64bits(v.Float()))
	}
	return fmt.Sprint(v.Interface())
}

func plain(m protoreflect.Message) string {
	type told struct {
		number protoreflect.FieldNumber
		text   string
	}
	var all []told
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		text := ""
		if field.IsList() {
			list := v.List()
			items := make([]string, list.Len())
			for i := range items {
				items[i] = value(field, list.Get(i))
			}
			text = "[" + strings.Join(items, ",") + "]"
		} else {
			text = value(field, v)
		}
		all = append(all, told{field.Number(), text})
		return true
	})
	sort.Slice(all, func(i, j int) bool { return all[i].number < all[j].number })
	parts := make([]string, len(all))
	for i, one := range all {
		parts[i] = fmt.Sprintf("%d:%s", one.number, one.text)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(must(os.ReadFile(os.Args[1])), &set); err != nil {
		panic(err)
	}
	files := must(protodesc.NewFiles(&set))
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		name, encoded, _ := strings.Cut(in.Text(), " ")
		found := must(files.FindDescriptorByName(protoreflect.FullName("atumpan." + name)))
		m := dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor))
		if err := proto.Unmarshal(must(base64.StdEncoding.DecodeString(encoded)), m); err != nil {
			fmt.Fprintln(out, "!")
			continue
		}
		fmt.Fprintln(out, plain(m))
	}
}
