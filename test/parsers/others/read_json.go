// Reads documents, one a line in base64, with encoding/json; writes each in the plain form of test/parsers/plain-form.ts.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
)

func number(n json.Number) string {
	value, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return "#x"
	}
	if whole, isWhole := new(big.Int).SetString(string(n), 10); isWhole {
		if exact, _ := new(big.Float).SetFloat64(value).Int(nil); exact.Cmp(whole) != 0 {
			return "#i" + whole.String()
		}
	}
	if value == 0 {
		value = 0
	}
	bits := math.Float64bits(value)
	if value == 0 {
		bits = 0
	}
	return fmt.Sprintf("#%016x", bits)
}

func text(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04x", unit)
	}
	b.WriteByte('"')
	return b.String()
}

func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return "n"
	case bool:
		if v {
			return "t"
		}
		return "f"
	case string:
		return text(v)
	case json.Number:
		return number(v)
	case []any:
		all := make([]string, len(v))
		for i, one := range v {
			all[i] = plain(one)
		}
		return "[" + strings.Join(all, ",") + "]"
	case map[string]any:
		all := make([]string, 0, len(v))
		for name, held := range v {
			all = append(all, text(name)+":"+plain(held))
		}
		sort.Strings(all)
		return "{" + strings.Join(all, ",") + "}"
	}
	return "?"
}

func read(document []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "!"
	}
	if _, err := decoder.Token(); err != io.EOF {
		return "!"
	}
	return plain(value)
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadString('\n')
		if line = strings.TrimRight(line, "\n"); line != "" || err == nil {
			document, broken := base64.StdEncoding.DecodeString(line)
			if broken != nil {
				panic(broken)
			}
			fmt.Fprintln(out, read(document))
		}
		if err != nil {
			return
		}
	}
}
