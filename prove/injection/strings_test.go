package injection_test

import (
	"slices"
	"strings"
)

// trip is a call of the function that tells of itself: whoever executes a string that has it is found out.
const trip = "public.hm_trip()"

// hostile are the strings, by what they would break into.
var hostile = map[string][]string{
	"quotes": {`'`, `"`, `''`, `'''`, "`", `\'`, `\"`, `')`, `'))`, `';`, `' -- `, `'#`, `'/*`, `*/`, `--`, `$$`, `$1`, `$tag$`, `:name`, `@tenant_id`, `?`},
	"statements": {
		`' || ` + trip + ` || '`, `' OR ` + trip + ` IS NOT NULL -- `, `') OR ` + trip + ` IS NOT NULL -- `, `')) OR ` + trip + ` IS NOT NULL -- `,
		`'; SELECT ` + trip + `; -- `, `'); SELECT ` + trip + `; -- `, `" || ` + trip + ` || "`, `1; SELECT ` + trip, `1 OR ` + trip + ` IS NOT NULL`,
		`$$ || ` + trip + ` || $$`, `\'; SELECT ` + trip + `; -- `, `' UNION SELECT ` + trip + ` -- `, `' UNION ALL SELECT NULL, NULL, ` + trip + ` -- `,
		`(SELECT ` + trip + `)`, trip, `'::text || ` + trip + `::text || '`, `created_at, ` + trip, `created_at; SELECT ` + trip, `-created_at, ` + trip,
		`CASE WHEN ` + trip + ` IS NULL THEN 1 ELSE 2 END`, `/*! */ ' OR ` + trip + ` IS NOT NULL /*`, `'; COPY (SELECT ` + trip + `) TO '/tmp/hm'; -- `,
		`'; DROP TABLE patients.patient CASCADE; -- `, `'; UPDATE iam.user_account SET is_superuser = true; -- `, `'; SET ROLE hm_owner; -- `,
		`'; SELECT set_config('app.tenant_wide', 'on', false); -- `, `' UNION SELECT username, password_hash FROM iam.user_account -- `,
	},
	"delays": {
		`' OR pg_sleep(2) IS NULL -- `, `'; SELECT pg_sleep(2); -- `, `1 AND 1=(SELECT 1 FROM pg_sleep(2))`, `'||(SELECT pg_sleep(2))||'`, `') AND 1=(SELECT 1 FROM PG_SLEEP(2)) -- `,
		`'; WAITFOR DELAY '0:0:2' -- `, `' AND SLEEP(2) -- `, `' || pg_sleep(2) || '`, `(SELECT pg_sleep(2))`,
	},
	"casts":        {`' AND 1=CAST((SELECT version()) AS int) -- `, `'||CAST((SELECT current_user) AS int)||'`, `'::int`, `' AND extractvalue(1,concat(0x7e,version())) -- `},
	"patterns":     {`%`, `_`, `%%%%%%%%`, `\%`, `\`, `\\`, `[a-z]*`, `(a+)+$`, `((((((((`, `.*`, `^$`, `a{1,99999}`, `(?i)x`, `*`, `[`, `a & | !`, `:*`, `a <-> b`},
	"other quotes": {`’ OR ` + trip + ` IS NOT NULL -- `, `ʼ OR 1=1`, `＇ OR 1=1 -- `, `%27 OR ` + trip + ` IS NOT NULL -- `, `\u0027 OR 1=1 -- `, `&#39; OR 1=1`, "\u00bf\u2019"},
	"JSON":         {`{"a":`, `"}`, `->>'a'`, `#>>'{a}'`, `@> '{}'`, `$.a[*] ? (@ == 1)`, `{"$gt":""}`, `{"a":"'||` + trip + `||'"}`, `__proto__`, `[1,2`, `\ud800`, `{'||` + trip + `||'}`, `}'; SELECT ` + trip + `; -- `},
	"ltree, XPath": {`a.b.*{1,2}|c@`, `'] | //* | //*['`, `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, `*)(uid=*))(|(uid=*`},
	"formats":      {`%s%s%n%d%x`, `%!s(int=1)`, `%v%+v%#v`, `{0}`, `%(name)s`},
	"templates":    {`{{7*7}}`, `${7*7}`, `#{7*7}`, `<%= 7*7 %>`, `{{.}}`, `{{printf "%s" .}}`, `${jndi:ldap://127.0.0.1/a}`, `true || true`, `facts.all(x, true)`, `"a".matches("(a+)+$")`, `size([1].map(x, [1,2,3]))`},
	"headers":      {"a\r\nX-Injected: yes\r\n\r\n<html>", "a\nSet-Cookie: hm_access=stolen", `a%0d%0aX-Injected: yes`, "a\rX-Injected: yes", "a\u560aX-Injected: yes", `"; filename="x`},
	"paths":        {`../../../../etc/passwd`, `..\..\windows\win.ini`, `/etc/passwd`, `....//....//etc/passwd`, `file:///etc/passwd`, `%2e%2e%2fetc%2fpasswd`, `.`, `..`, `/`, `//`, `a/../b`},
	"shells":       {`; id`, `$(id)`, "`id`", `| id`, `|| id #`, `=cmd|'/C calc'!A0`, `@SUM(1+1)*cmd`, `+1+1`},
	"pages":        {`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `<!--`, `]]>`, `</textarea>`},
	"odd text":     {"\x00", "a\x00b", `%00`, "\xff\xfe", "\u202eabc", "\ufeff", "e\u0301", "İıſ", "\U0001f9d1\u200d\u2695\ufe0f", "\x1b[31m", "\x7f", " ", "\t", "a  b", " a ", "NaN", "Infinity", "null", "undefined", "true", "-0", "1e999", "0x1F", "٣"},
	"long text":    {strings.Repeat("A", 300), strings.Repeat("'", 3000), strings.Repeat("é", 5000), strings.Repeat("%27", 2000), strings.Repeat("a ", 4000)},
}

// twins would change the answer each in its own way where one of them is executed. They are of one length, so that no
// bound lets one of them pass alone.
var twins = [][2]string{
	{`' OR  '1'='1`, `' AND '1'='2`}, {`x' OR 1=1  -- `, `x' AND 1=2 -- `}, {`x) OR  (1=1`, `x) AND (1=2`}, {`%' OR  '%'='%`, `%' AND '%'='x`}, {`x" OR  "1"="1`, `x" AND "1"="2`},
}

// inTurn lists the strings such that any few in a row are of different kinds.
func inTurn() []string {
	kinds := make([]string, 0, len(hostile))
	longest := 0
	for kind, texts := range hostile {
		kinds, longest = append(kinds, kind), max(longest, len(texts))
	}
	slices.Sort(kinds)
	var all []string
	for i := range longest {
		for _, kind := range kinds {
			if i < len(hostile[kind]) {
				all = append(all, hostile[kind][i])
			}
		}
	}
	return all
}
