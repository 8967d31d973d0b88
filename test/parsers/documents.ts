import { type Bytes, concatBytes, utf8 } from "../../schemas/ground/index.ts";

/** One document that readers of JSON are known to differ over, and why it is here. */
export interface JsonDocument {
  readonly about: string;
  readonly bytes: Bytes;
}

function texts(about: string, all: readonly string[]): readonly JsonDocument[] {
  return all.map((text) => ({ about, bytes: utf8(text) }));
}

/** The same thing alone, in a list, as a member and as a name. */
function inPlaces(thing: string): readonly string[] {
  return [thing, `[${thing}]`, `{"a":${thing}}`, `[1,${thing},2]`];
}

const numbers = [
  "0", "-0", "1", "-1", "00", "01", "-01", "-", "+1", "1.", ".5", "-.5", "1.0", "1.50", "1e5", "1E5", "1e+5", "1e-5", "1e", "1e+",
  "1.e1", "0e1", "0e+1", "0E", "0x1", "0x1F", "1_000", "1 000", "NaN", "Infinity", "-Infinity", "nan", "inf", "1e400", "-1e400", "1e-400",
  "123123e100000", "0.4e006699", "1e00005", "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
  "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "4294967295", "4294967296",
  "1000000000000000000000", "123456789012345678901234567890", "100000000000000000000e-20", "0.1", "0.30000000000000004",
  "2.2250738585072014e-308", "4.9406564584124654e-324", "1.7976931348623157e308", "1.7976931348623159e308", "5e-324", "2e-324",
  "0.1000000000000000055511151231257827", "1.000000000000000000000000000000001", "9007199254740993.0", "9.007199254740993e15", "1e15", "1e16", "1e22", "1e23",
  "--1", "1-", "1e5.0", "1.2.3", "１", "٣", "1f", "1d", "0b1", "0o7", "-NaN", "1e1e1", "+", ".", "-e", "2.e3", "2.e-3", "2.e+3", "[-]",
]; // prettier-ignore

const escapes = [
  '"\\""', '"\\\\"', '"\\/"', '"\\b\\f\\n\\r\\t"', '"\\a"', '"\\v"', '"\\0"', '"\\x41"', '"\\u0041"', '"\\u004"', '"\\u00g1"', '"\\U0041"',
  '"\\u0000"', '"\\u0022"', '"\\u005c"', '"\\u005C"', '"\\u2028\\u2029"', '"\\ufeff"', '"\\uffff"', '"\\ufffe"', '"\\ufffd"', '"\\ufdd0"',
  '"\\ud83d\\ude00"', '"\\uD83D\\uDE00"', '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '"\\ud83d\\ud83d\\ude00"', '"\\ud83d\\u0041"', '"\\ud83dA"',
  '"\\ud83d\\\\ude00"', '"\\udbff\\udfff"', '"\\udbff\\udffe"', '"\\ud800\\udc00"', '"\\ud800\\ud800"', '"\\udc00"', '"\\ud83d\\n"', '"\\\\ud83d"',
  '"\\', '"\\"', '"\\u"', '"\\ud83d\\u"', "'a'", '"\\\'"', '"\\ ', '"\\é"', '"\\u00e9"', '"é"', '"e\u0301"', '"\\u0065\\u0301"',
]; // prettier-ignore

const rawTexts = [
  '"\u0000"', '"\u0001"', '"\u001f"', '"\u007f"', '"\u0080"', '"\u009f"', '"\n"', '"\r"', '"\t"', '"\u2028"', '"\u2029"', '"\ufeff"', '"\ufffe"',
  '"\u200b\u200e\u202e"', '"\u{10ffff}"', '"\u{1f600}"', '"\ue000"', '""', '" "', '"a', 'a"', "a", "\u0000", '"\uffff"',
]; // prettier-ignore

const names = [
  '{"a":1,"a":2}', '{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '{"\\u0061":1,"a":2}', '{"a":{"b":1,"b":2}}', '[{"a":1},{"a":2}]', '{"":1,"":2}', '{"":1}',
  '{"a":1,"A":2}', '{"\u00e9":1,"e\u0301":2}', '{"\u00e9":1,"\\u00e9":2}', '{"a ":1,"a":2}', '{"\u0430":1,"a":2}', '{"\u017f":1,"s":2}', '{"\u212a":1,"K":2,"k":3}',
  '{"a\\u0000":1,"a":2}', '{"__proto__":1}', '{"\\u005f_proto__":{}}', '{"constructor":1}', '{"toString":1,"valueOf":2}', '{"length":-1}', '{"a":1,"b":2,"a":3}',
  '{"10":1,"9":2,"1":3}', '{"1":1,"01":2,"1.0":3}', '{"\\ud83d":1}', '{"\\ud83d":1,"\\ude00":2}', '{"\\ud83d\\ude00":1,"\u{1f600}":2}', "{a:1}", "{'a':1}", "{1:1}",
  '{"a":}', '{"a"}', '{"a",}', '{:1}', '{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a" 1}', '{"a":1 "b":2}', '{"a"::1}', '{"a":1}}', '{{"a":1}}', '{"a":1', '{"a":', '{"a', '{',
  '{null:1}', '{"a":1;"b":2}', '{"a"=1}', '{["a"]:1}', '{"$ref":"#"}', '{"type":"a","Type":"b","TYPE":"c"}', '{"$type":"x","@type":"y"}',
]; // prettier-ignore

const lists = [
  "[]", "[ ]", "[1]", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1,2", "1]", "[1]]", "[[]", "[[1],[2]]", "[1;2]", '["a" "b"]', "[true,false,null]",
  "[]]", "][", "[", "]", "[\"a\",\n4\n,1,", "[1,\n1\n,1", "[*]", "[<null>]", "[1:2]", "[a]", "[\u000c]", "[1]\u0000", "[]x", "[] []", "[][]", "{}[]", "{}{}", "1 2", "[1],",
]; // prettier-ignore

const words = [
  "true", "false", "null", "True", "TRUE", "tru", "truee", "nul", "nulll", "None", "nil", "undefined", "fals", "tr ue", "yes", "on", "nan", "NULL", "truefalse",
]; // prettier-ignore

const spaces = [
  " ", "", "\n", "\t1\r\n", "\u000b1", "\u000c1", "\u00a01", "\u20281", "\u2029[]", "\u30001", "\ufeff1", "\ufeff{}", "1\ufeff", "\ufeff\ufeff1", "[\u00a0]", "[\u2060]", "1\u0000", "\u00851", "{\u3000}", "[1\u200b]", "\u001e1\n", "[\t]", "[\r]",
]; // prettier-ignore

const remarks = [
  "/**/1", "1/**/", "//a\n1", "1//a", "[1/*a*/,2]", '{"a":/*b*/1}', "#a\n1", "1#a", "<!--a-->1", "--a\n1", '{"a":1/*', "/*[]*/", "[1]//",
]; // prettier-ignore

const depths = [1, 7, 30, 31, 32, 33, 64, 100, 500, 1_000, 10_000, 100_000];
const nests = depths.flatMap((depth) => [
  "[".repeat(depth) + "]".repeat(depth),
  '{"a":'.repeat(depth) + "1" + "}".repeat(depth),
  "[".repeat(depth),
]);

const brokenUtf8: readonly (readonly number[])[] = [
  [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xe9], [0xe0, 0x80, 0xaf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
  [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], [0xf0, 0x80, 0x80, 0xaf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xff, 0xfe],
]; // prettier-ignore

function broken(): readonly JsonDocument[] {
  return brokenUtf8.flatMap((piece) => [
    { about: "broken UTF-8 in a text", bytes: concatBytes(utf8('["'), new Uint8Array(piece), utf8('"]')) },
    { about: "broken UTF-8 in a name", bytes: concatBytes(utf8('{"a'), new Uint8Array(piece), utf8('":1}')) },
  ]);
} // prettier-ignore

function encoded(): readonly JsonDocument[] {
  const wide = Buffer.from('{"a":"\u00e9"}', "utf16le");
  const mark = new Uint8Array([0xff, 0xfe]);
  return [wide, concatBytes(mark, wide), Buffer.from(wide).swap16(), Buffer.from('["\u00e9"]', "latin1")].map((bytes) => ({ about: "another encoding", bytes }));
} // prettier-ignore

/** Documents of every class over which readers of JSON were ever found to differ. Our own; none is a copy. */
export const jsonDocuments: readonly JsonDocument[] = [
  ...texts("numbers", numbers.flatMap(inPlaces)),
  ...texts("escapes", [...escapes, ...escapes.map((text) => `{${text}:1}`)]),
  ...texts("texts", rawTexts),
  ...texts("names", names),
  ...texts("lists", lists),
  ...texts(
    "words",
    words.flatMap((word) => [word, `[${word}]`]),
  ),
  ...texts("spaces", spaces),
  ...texts("remarks", remarks),
  ...texts("depth", nests),
  ...broken(),
  ...encoded(),
];
