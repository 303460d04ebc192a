package faulttest

import (
	"encoding/json"
	"regexp"

	"github.com/stretchr/testify/require"
)

// said is what an answer says, without the unexported rows as they came.
func said(t require.TestingT, v any) any {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	var plain any
	require.NoError(t, json.Unmarshal(b, &plain))
	return plain
}

// alter changes what was said from the leaves up.
func alter(key string, v any, f func(string, any) any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = alter(k, v[k], f)
		}
	case []any:
		for i := range v {
			v[i] = alter(key, v[i], f)
		}
	}
	return f(key, v)
}

// plain are the strings the sandbox does not take for text.
var plain = regexp.MustCompile(`^([0-9.+-]*|\d{4}-\d\d-\d\d([T ].*)?|\d\d:\d\d(:\d\d)?)$`)

func texts(become string) func(string, any) any {
	return func(_ string, v any) any {
		if s, ok := v.(string); ok && !plain.MatchString(s) {
			return become
		}
		return v
	}
}
