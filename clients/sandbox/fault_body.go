package sandbox

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

func alterBody(f func([]byte) []byte) func(Fault, answer) answer {
	return func(_ Fault, a answer) answer {
		a.body = f(a.body)
		return a
	}
}

func trailingComma(b []byte) []byte {
	end := bytes.LastIndexAny(b, "}]")
	if end < 0 {
		return b
	}
	return append(append(bytes.Clone(b[:end]), ','), b[end:]...)
}

// alterJSON changes an answer value by value, from the leaves up. The function
// gets the key a value stands under, or that of the list it stands in.
func alterJSON(f func(key string, v any) any) func(Fault, answer) answer {
	return func(_ Fault, a answer) answer { return rewrite(a, f) }
}

func rewrite(a answer, f func(key string, v any) any) answer {
	v, ok := parse(a.body)
	if !ok {
		return a
	}
	a.body = jsonAnswer(a.status, walk("", v, f)).body
	return a
}

func parse(body []byte) (v any, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	return v, dec.Decode(&v) == nil
}

func walk(key string, v any, f func(string, any) any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = walk(k, v[k], f)
		}
	case []any:
		for i := range v {
			v[i] = walk(key, v[i], f)
		}
	}
	return f(key, v)
}

func idsAsStrings(key string, v any) any {
	if n, ok := v.(json.Number); ok && (key == "id" || strings.HasSuffix(key, "ID")) {
		return n.String()
	}
	return v
}

func numbersAsStrings(_ string, v any) any {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return v
}

func emptyAsArray(_ string, v any) any {
	if m, ok := v.(map[string]any); ok && len(m) == 0 {
		return []any{}
	}
	return v
}

func nulls(_ string, v any) any {
	if isText(v) {
		return nil
	}
	return v
}

// notText is what a client must be able to read to do anything at all.
var notText = pattern(`^([0-9.+-]+|\d{4}[-/]\d\d[-/]\d\d([T ].*)?|\d\d:\d\d(:\d\d)?)$`)

func isText(v any) bool {
	s, ok := v.(string)
	return ok && s != "" && !notText().MatchString(s)
}

// hostile puts the words in after encoding, since they may be bytes which
// encoding/json would repair.
func hostile(f Fault, a answer) answer {
	const mark = "\ue000hostile\ue000"
	a = rewrite(a, func(_ string, v any) any {
		if isText(v) {
			return mark
		}
		return v
	})
	a.body = bytes.ReplaceAll(a.body, []byte(mark), quotable(f.Body))
	return a
}

// quotable escapes what JSON forbids inside quotes and leaves every other byte
// as it is.
func quotable(s string) []byte {
	const hex = "0123456789abcdef"
	var b []byte
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return b
}

// envelopes are other ways to wrap a list than {"data":[…],"pagination":{…}}.
var envelopes = map[string]func(rows []any, page map[string]any) any{
	"bare":  func(rows []any, _ map[string]any) any { return rows },
	"plain": func(rows []any, _ map[string]any) any { return map[string]any{"data": rows} },
	"named": func(rows []any, page map[string]any) any {
		return map[string]any{"data": map[string]any{"rows": rows, "pagination": page}}
	},
	"meta": func(rows []any, page map[string]any) any {
		return map[string]any{"data": rows, "meta": page}
	},
	"top": func(rows []any, page map[string]any) any {
		return map[string]any{"data": rows, "page": page["page"], "limit": page["limit"], "total": page["total"], "pages": page["totalPages"]}
	},
}

func envelope(f Fault, a answer) answer {
	v, _ := parse(a.body)
	top, _ := v.(map[string]any)
	rows, isList := top["data"].([]any)
	if !isList {
		return a
	}
	page, _ := top["pagination"].(map[string]any)
	a.body = jsonAnswer(a.status, envelopes[f.Body](rows, page)).body
	return a
}

// wrongProvider moves every provider's number on by one.
func wrongProvider(key string, v any) any {
	if m, ok := v.(map[string]any); ok && m["specialty"] != nil {
		m["id"] = nextNumber(m["id"])
	}
	if key == "ProviderID" {
		return nextNumber(v)
	}
	return v
}

func nextNumber(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n + 1
		}
	case string:
		if n, err := strconv.Atoi(v); err == nil {
			return strconv.Itoa(n + 1)
		}
	}
	return v
}
