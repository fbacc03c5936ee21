package sandbox

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// rule is what WeChat asks of one field. Exactly one of fields, elem and kind
// is set.
type rule struct {
	kind     ruleKind
	required bool
	max      int    // runes of a text, elements of a list; 0 is no limit
	min      *int64 // least number
	oneOf    []string
	check    func(string) bool
	fields   map[string]rule
	elem     *rule
}

// ruleKind is the JSON type of a plain value.
type ruleKind int

const (
	text ruleKind = iota + 1
	integer
	boolean
)

// validate checks a decoded body against its rules: no null, no field that is
// not in the documents, no character beyond three bytes.
func validate(path string, value any, r rule) *apiError {
	switch {
	case value == nil:
		return paramError(path, nil, "不允许为null")
	case r.fields != nil:
		return validateObject(path, value, r)
	case r.elem != nil:
		return validateList(path, value, r)
	case r.kind == text:
		return validateText(path, value, r)
	case r.kind == integer:
		number, ok := value.(json.Number)
		if !ok {
			return paramError(path, value, "应为整数")
		}
		n, err := number.Int64()
		if err != nil {
			return paramError(path, value, "应为整数")
		}
		if r.min != nil && n < *r.min {
			return paramError(path, value, fmt.Sprintf("不得小于%d", *r.min))
		}
	case r.kind == boolean:
		if _, ok := value.(bool); !ok {
			return paramError(path, value, "应为布尔值")
		}
	}
	return nil
}

// validateObject refuses what is unknown before what is missing: a misspelt
// field is both, and its own name says more.
func validateObject(path string, value any, r rule) *apiError {
	object, ok := value.(map[string]any)
	if !ok {
		return paramError(path, nil, "应为对象")
	}
	for name, v := range object {
		field, known := r.fields[name]
		if !known {
			e := paramError(joinPath(path, name), nil, "未定义的参数")
			e.numeric = 270924358
			return e
		}
		if e := validate(joinPath(path, name), v, field); e != nil {
			return e
		}
	}
	for name, field := range r.fields {
		if _, present := object[name]; field.required && !present {
			return paramError(joinPath(path, name), nil, "必填参数缺失")
		}
	}
	return nil
}

func validateList(path string, value any, r rule) *apiError {
	list, ok := value.([]any)
	if !ok {
		return paramError(path, nil, "应为数组")
	}
	if r.max > 0 && len(list) > r.max {
		return paramError(path, nil, fmt.Sprintf("最多%d项", r.max))
	}
	for i, v := range list {
		if e := validate(fmt.Sprintf("%s[%d]", path, i), v, *r.elem); e != nil {
			return e
		}
	}
	return nil
}

// validateText counts characters, as the documents do.
func validateText(path string, value any, r rule) *apiError {
	s, ok := value.(string)
	if !ok {
		return paramError(path, value, "应为字符串")
	}
	if r.required && s == "" {
		return paramError(path, value, "不得为空")
	}
	if strings.ContainsFunc(s, func(c rune) bool { return c > 0xFFFF }) {
		return paramError(path, nil, "只支持1至3字节的UTF-8字符，不支持表情符号")
	}
	if r.max > 0 && utf8.RuneCountInString(s) > r.max {
		return paramError(path, value, fmt.Sprintf("最长%d个字符", r.max))
	}
	if r.oneOf != nil && !slices.Contains(r.oneOf, s) {
		return paramError(path, value, "取值不在允许范围内")
	}
	if r.check != nil && !r.check(s) {
		return paramError(path, value, "格式不正确")
	}
	return nil
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Builders that keep the tables of rules readable.

func required(r rule) rule { r.required = true; return r }

func textOf(max int) rule { return rule{kind: text, max: max} }

func atLeast(min int64) rule { return rule{kind: integer, min: &min} }

func object(fields map[string]rule) rule { return rule{fields: fields} }

func listOf(max int, elem rule) rule { return rule{elem: &elem, max: max} }

func matching(form *regexp.Regexp) rule { return rule{kind: text, check: form.MatchString} }

// Readers for bodies that were validated: absent is the zero value.

func textIn(input map[string]any, path ...string) string {
	s, _ := valueIn(input, path).(string)
	return s
}

func intIn(input map[string]any, path ...string) int64 {
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
