package apiv3

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Rule is what WeChat requires of a field. Exactly one of Kind, fields and elem is set.
type Rule struct {
	Kind     Kind
	required bool
	Max      int    // runes of a text, elements of a list; 0 is no limit
	min      *int64 // least number
	OneOf    []string
	Check    func(string) bool
	fields   map[string]Rule
	elem     *Rule
}

// Kind is the JSON type of a plain value.
type Kind int

// The types of a plain value.
const (
	Text Kind = iota + 1
	Integer
	Boolean
)

// Validate checks a decoded body against a rule. It refuses null, a field that is not
// in the documents and a character of four bytes. The path is that of the value in the
// body.
func Validate(path string, value any, r Rule) *Error {
	switch {
	case value == nil:
		return ParamError(path, nil, "不允许为null")
	case r.fields != nil:
		return validateObject(path, value, r)
	case r.elem != nil:
		return validateList(path, value, r)
	case r.Kind == Text:
		return validateText(path, value, r)
	case r.Kind == Integer:
		number, ok := value.(json.Number)
		if !ok {
			return ParamError(path, value, "应为整数")
		}
		n, err := number.Int64()
		if err != nil {
			return ParamError(path, value, "应为整数")
		}
		if r.min != nil && n < *r.min {
			return ParamError(path, value, fmt.Sprintf("不得小于%d", *r.min))
		}
	case r.Kind == Boolean:
		if _, ok := value.(bool); !ok {
			return ParamError(path, value, "应为布尔值")
		}
	}
	return nil
}

// validateObject refuses an unknown field before a missing one. A misspelt field is
// both, and its own name says more.
func validateObject(path string, value any, r Rule) *Error {
	object, ok := value.(map[string]any)
	if !ok {
		return ParamError(path, nil, "应为对象")
	}
	for name, v := range object {
		field, known := r.fields[name]
		if !known {
			e := ParamError(joinPath(path, name), nil, "未定义的参数")
			e.Numeric = 270924358
			return e
		}
		if e := Validate(joinPath(path, name), v, field); e != nil {
			return e
		}
	}
	for name, field := range r.fields {
		if _, present := object[name]; field.required && !present {
			return ParamError(joinPath(path, name), nil, "必填参数缺失")
		}
	}
	return nil
}

// validateList checks the number of elements and each of them.
func validateList(path string, value any, r Rule) *Error {
	list, ok := value.([]any)
	if !ok {
		return ParamError(path, nil, "应为数组")
	}
	if r.Max > 0 && len(list) > r.Max {
		return ParamError(path, nil, fmt.Sprintf("最多%d项", r.Max))
	}
	for i, v := range list {
		if e := Validate(fmt.Sprintf("%s[%d]", path, i), v, *r.elem); e != nil {
			return e
		}
	}
	return nil
}

// validateText counts characters, as the documents do.
func validateText(path string, value any, r Rule) *Error {
	s, ok := value.(string)
	if !ok {
		return ParamError(path, value, "应为字符串")
	}
	if r.required && s == "" {
		return ParamError(path, value, "不得为空")
	}
	if strings.ContainsFunc(s, func(c rune) bool { return c > 0xFFFF }) {
		return ParamError(path, nil, "只支持1至3字节的UTF-8字符，不支持表情符号")
	}
	if r.Max > 0 && utf8.RuneCountInString(s) > r.Max {
		return ParamError(path, value, fmt.Sprintf("最长%d个字符", r.Max))
	}
	if r.OneOf != nil && !slices.Contains(r.OneOf, s) {
		return ParamError(path, value, "取值不在允许范围内")
	}
	if r.Check != nil && !r.Check(s) {
		return ParamError(path, value, "格式不正确")
	}
	return nil
}

// joinPath returns the path of a field of an object.
func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Builders that keep the tables of rules readable.

// Required returns r for a field that must be present and not empty.
func Required(r Rule) Rule { r.required = true; return r }

// TextOf returns the rule of a text of at most max characters.
func TextOf(max int) Rule { return Rule{Kind: Text, Max: max} }

// AtLeast returns the rule of a whole number from min.
func AtLeast(min int64) Rule { return Rule{Kind: Integer, min: &min} }

// Object returns the rule of an object with these fields.
func Object(fields map[string]Rule) Rule { return Rule{fields: fields} }

// ListOf returns the rule of a list of at most max elements; 0 means no limit.
func ListOf(max int, elem Rule) Rule { return Rule{elem: &elem, Max: max} }

// Matching returns the rule of a text of a form.
func Matching(form *regexp.Regexp) Rule { return Rule{Kind: Text, Check: form.MatchString} }
