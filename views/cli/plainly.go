package cli

import (
	"encoding/json"
	"strings"
)

// plainly is v as people write it with -F: names in small letters, and without
// what is empty, since that is not sent.
func plainly(v any) any {
	data, err := plainJSON(v)
	if err != nil {
		return v
	}
	var tree any
	if json.Unmarshal(data, &tree) != nil {
		return v
	}
	return lower(tree)
}

func lower(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inner := range v {
			if inner = lower(inner); !empty(inner) {
				out[strings.ToLower(name)] = inner
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = lower(v[i])
		}
	}
	return v
}

// empty reports what stands for nothing: no text, no day, no number, no list.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "0000-00-00"
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
