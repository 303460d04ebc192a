package rest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRefuses(t *testing.T) {
	for body, want := range map[string]struct{ no, alone bool }{
		`{}`:                                     {false, true},
		`{"success":true,"message":"saved"}`:     {false, true},
		`{"success":false}`:                      {true, true},
		`{"OK":"no","id":5}`:                     {true, false},
		`{"error":"no","data":null,"rows":[]}`:   {true, true},
		`{"error":"no","id":5}`:                  {true, false},
		`{"error":true}`:                         {true, true},
		`{"error":false,"errors":[],"id":5}`:     {false, false},
		`{"errors":0,"error":""}`:                {false, true},
		`{"errors":{"EMail":["is invalid"]}}`:    {true, true},
		`{"status":"failed"}`:                    {false, true},
		`{"status":"failed","message":"no"}`:     {true, true},
		`{"status":false,"message":"no"}`:        {true, true},
		`{"status":422,"message":"no"}`:          {true, true},
		`{"statusCode":"503","message":"later"}`: {true, true},
		`{"status":200,"message":"fine"}`:        {false, true},
		`{"status":"active","message":"hello"}`:  {false, true},
		`{"status":7,"message":"hello"}`:         {false, true},
		`{"status":{"a":400},"message":"hello"}`: {false, true},
	} {
		o, err := ParseObject(raw(body))
		require.NoError(t, err)
		no, alone := o.Refuses()
		require.Equal(t, want.no, no, body)
		require.Equal(t, want.alone, alone, body)
	}
}

func TestWords(t *testing.T) {
	for body, want := range map[string]struct{ message, code, fields string }{
		`{"error":{"message":"exists","code":"DUP"},"title":"no"}`:       {"exists", "DUP", ""},
		`{"title":"no","detail":"not today","code":409}`:                 {"not today", "409", ""},
		`{"message":"no","code":"not a code but a sentence"}`:            {"no", "", ""},
		`{"errorCode":"E-4","msg":"no"}`:                                 {"no", "E-4", ""},
		`{"error":"x","fields":{"id":"is required","ok":true}}`:          {"x", "", "id"},
		`{"error":{"errors":{"a":"b"}},"details":{"c":["d"]}}`:           {"b", "", "a c"},
		`{"errors":[{"field":"a","message":"b"},{"path":"c"},"x",null]}`: {"", "", "a"},
		`{"errors":["a",{"message":"b"}]}`:                               {"a; b", "", ""},
	} {
		o, err := ParseObject(raw(body))
		require.NoError(t, err)
		e := o.Words()
		require.Equal(t, want.message, e.Message.Raw(), body)
		require.Equal(t, want.code, e.Code, body)
		require.Equal(t, want.fields, strings.Join(slices.Sorted(maps.Keys(e.Fields)), " "), body)
		require.Zero(t, e.Kind)
	}
}
