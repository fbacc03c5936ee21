package apiv3

import "encoding/json"

// Readers for bodies that were validated: absent is the zero value.

func TextIn(input map[string]any, path ...string) string {
	s, _ := valueIn(input, path).(string)
	return s
}

func IntIn(input map[string]any, path ...string) int64 {
	number, _ := valueIn(input, path).(json.Number)
	n, _ := number.Int64()
	return n
}

func valueIn(input map[string]any, path []string) any {
	var v any = input
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}
