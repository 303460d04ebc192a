package rest

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestObject(t *testing.T) {
	o, err := ParseObject(json.RawMessage(` {"B":1, "a":2, "b":3, "A":4, "a":5, "c":null} `))
	require.NoError(t, err)
	require.Equal(t, Object{{"B", raw("1")}, {"a", raw("2")}, {"b", raw("3")}, {"A", raw("4")}, {"a", raw("5")}, {"c", raw("null")}}, o)
	for name, want := range map[string]string{"a": "5", "A": "4", "b": "3", "B": "1", "C": "null"} {
		require.Equal(t, raw(want), o.Find(name), name)
	}
	require.Equal(t, raw("4"), o.Find("none", "A", "b"))
	require.Nil(t, o.Find("none"))
	for _, other := range []string{``, `null`, `7`, `[{}]`, `"{}"`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,}`, `{7:1}`} {
		_, err := ParseObject(raw(other))
		require.ErrorIs(t, err, errNotObject, other)
	}
}

func TestLooseValues(t *testing.T) {
	for _, nothing := range []string{``, ` `, `null`, `""`, `" "`, "[ ]", "{\n}"} {
		require.True(t, Void(raw(nothing)), nothing)
	}
	for _, something := range []string{`0`, `false`, `"0"`, `"{}"`, `"null"`, `[[]]`, `{"a":{}}`} {
		require.False(t, Void(raw(something)), something)
	}
	for word, want := range map[string][2]bool{
		`true`: {true, true}, ` 1 `: {true, true}, `"Yes"`: {true, true}, `" y "`: {true, true},
		`false`: {false, true}, `"0"`: {false, true}, `"NO"`: {false, true}, `"n"`: {false, true},
		``: {}, `null`: {}, `""`: {}, `2`: {}, `"maybe"`: {}, `[true]`: {},
	} {
		value, known := YesNo(raw(word))
		require.Equal(t, want, [2]bool{value, known}, word)
	}
	for value, want := range map[string]string{
		`"a"`: "a", `["a",{"message":"b"},["c"]]`: "a; b; c", `7`: "7", `[]`: "", `{"a":"b","c":["d"]}`: "b; d", `[[[["deep"]]]]`: "", `{"message":"b"}`: "b",
		`null`: "", ``: "", `true`: "", `false`: "",
	} {
		require.Equal(t, want, Said(raw(value)).Raw(), value)
	}
}

func TestCheckIsGivenTheBodyAlone(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "\uFEFF\r\n {\"id\":7}\n") })
	var got string
	c := connect(t, base, func(o *Options) {
		o.Check = func(_ Op, _ int, _ http.Header, body []byte) *Error { got = string(body); return nil }
	})
	_, err := Do[thing](t.Context(), c, list, Call{})
	require.NoError(t, err)
	require.Equal(t, `{"id":7}`, got)
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }
