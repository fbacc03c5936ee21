package apiv3

import "encoding/json"

// Readers for bodies that were validated: absent is the zero value.

// TextIn returns the text at a path of a body that was validated, and "" if it is
// absent.
func TextIn(input map[string]any, path ...string) string {
	s, _ := valueIn(input, path).(string)
	return s
}

// IntIn returns the number at a path of a body that was validated, and 0 if it is
// absent.
func IntIn(input map[string]any, path ...string) int64 {
	number, _ := valueIn(input, path).(json.Number)
	n, _ := number.Int64()
	return n
}

// valueIn returns the value at a path, and nil if it is absent.
func valueIn(input map[string]any, path []string) any {
	var v any = input
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}
