package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const envPrefix = "WUYEPAY_"

// loadConfig reads the file, lays the environment over it, and checks all of it.
// Every fault is in the one error, each naming its key; a value is never shown,
// because it may be a secret.
func loadConfig(path string, environ []string) (Config, error) {
	cfg := defaults()
	raw, err := os.ReadFile(path)
	if err != nil {
		return cfg, fmt.Errorf("configuration: %w", err)
	}
	root, err := parseYAML(raw)
	if err != nil {
		return cfg, fmt.Errorf("configuration %s: %w", path, err)
	}
	faults := overlay(root, environ)
	faults = append(faults, shape(root, reflect.TypeFor[Config](), "")...)
	if len(faults) == 0 {
		if err := root.Decode(&cfg); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) == 0 {
		faults = cfg.validate()
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return cfg, fmt.Errorf("configuration %s:\n%w", path, errors.Join(faults...))
	}
	return cfg, nil
}

// parseYAML returns the mapping at the top of the one document.
func parseYAML(raw []byte) (*yaml.Node, error) {
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || (err == nil && len(doc.Content) == 0) {
		return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("want one YAML document")
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errors.New("want keys and values at the top")
	}
	return root, nil
}

// overlay sets keys from the environment: WUYEPAY_DATABASE__DSN is database.dsn.
// WUYEPAY_MINIPROGRAM__APP_SECRET_FILE names the file that holds the value of
// miniprogram.app_secret.
func overlay(root *yaml.Node, environ []string) (faults []error) {
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		key, ours := strings.CutPrefix(name, envPrefix)
		if !ours {
			continue
		}
		path := strings.Split(strings.ToLower(key), "__")
		last := path[len(path)-1]
		if base, isFile := strings.CutSuffix(last, "_file"); isFile && !slices.Contains(
			[]string{"data_key_file", "private_key_file", "public_key_file", "certificate_file", "second_public_key_file"}, last) {
			b, err := os.ReadFile(value)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", name, err))
				continue
			}
			path[len(path)-1], value = base, strings.TrimRight(string(b), "\r\n")
		}
		if !set(root, path, value) {
			faults = append(faults, fmt.Errorf("%s: names a key inside a value", name))
		}
	}
	return faults
}

func set(node *yaml.Node, path []string, value string) bool {
	if node.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i < len(node.Content); i += 2 {
		if strings.EqualFold(node.Content[i].Value, path[0]) {
			if len(path) == 1 {
				node.Content[i+1] = scalar(value)
				return true
			}
			if child := node.Content[i+1]; child.Kind == yaml.ScalarNode && child.Tag == "!!null" {
				*child = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
			}
			return set(node.Content[i+1], path[1:], value)
		}
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: path[0]}
	child := scalar(value)
	if len(path) > 1 {
		child = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		set(child, path[1:], value)
	}
	node.Content = append(node.Content, key, child)
	return true
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Style: yaml.DoubleQuotedStyle}
}

// shape holds the tree against the types, so that every unknown key and every
// value of the wrong kind is named by its path. Scalars become what the type
// wants: "true" from the environment is as good as true.
func shape(node *yaml.Node, t reflect.Type, path string) []error {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	fault := func(want string) []error {
		return []error{fmt.Errorf("%s: want %s%s", path, want, line(node))}
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
			return nil // a key without a value: all defaults
		}
		if node.Kind != yaml.MappingNode {
			return fault("keys and values")
		}
		return shapeMapping(node, t, path)
	case reflect.Int:
		if _, err := strconv.Atoi(node.Value); node.Kind != yaml.ScalarNode || err != nil {
			return fault("a whole number")
		}
		node.Tag, node.Style = "!!int", 0
	case reflect.Slice:
		return shapeList(node, t, path)
	case reflect.Bool:
		if node.Kind != yaml.ScalarNode || (node.Value != "true" && node.Value != "false") {
			return fault("true or false")
		}
		node.Tag, node.Style = "!!bool", 0
	default:
		if node.Kind != yaml.ScalarNode {
			return fault("a text")
		}
		if node.Tag == "!!null" {
			node.Value = ""
		}
		node.Tag = "!!str" // 1900000001 is a merchant number, not a number
	}
	return nil
}

// shapeList takes a list of texts, or one text with commas between, which is how the
// environment states a list.
func shapeList(node *yaml.Node, t reflect.Type, path string) (faults []error) {
	if node.Kind == yaml.ScalarNode {
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for part := range strings.SplitSeq(node.Value, ",") {
			if part = strings.TrimSpace(part); part != "" && node.Tag != "!!null" {
				list.Content = append(list.Content, scalar(part))
			}
		}
		*node = *list
	}
	if node.Kind != yaml.SequenceNode {
		return []error{fmt.Errorf("%s: want a list%s", path, line(node))}
	}
	for i, item := range node.Content {
		faults = append(faults, shape(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))...)
	}
	return faults
}

func shapeMapping(node *yaml.Node, t reflect.Type, path string) (faults []error) {
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i].Value
		full := strings.TrimPrefix(path+"."+key, ".")
		if seen[key] {
			faults = append(faults, fmt.Errorf("%s: given twice%s", full, line(node.Content[i])))
		}
		seen[key] = true
		if t.Kind() == reflect.Map {
			faults = append(faults, shape(node.Content[i+1], t.Elem(), full)...)
			continue
		}
		field, ok := fieldOf(t, key)
		if !ok {
			faults = append(faults, fmt.Errorf("%s: unknown key%s", full, line(node.Content[i])))
			continue
		}
		faults = append(faults, shape(node.Content[i+1], field.Type, full)...)
	}
	return faults
}

func fieldOf(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("yaml") == key {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// line tells where in the file; values from the environment have no line.
func line(n *yaml.Node) string {
	if n.Line == 0 {
		return ""
	}
	return fmt.Sprintf(" (line %d)", n.Line)
}
