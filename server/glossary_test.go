package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The glossary names what the code has: a renamed type is renamed there, too.
func TestGlossaryNames(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	known := exportedNames(t, "../models", "../billing", "../payment")
	names := regexp.MustCompile("`([a-z]+\\.[A-Z][A-Za-z]*(?:\\.[A-Z][A-Za-z]*)?)`").FindAllStringSubmatch(string(text), -1)
	if len(names) < 50 {
		t.Fatalf("only %d names", len(names))
	}
	for _, n := range names {
		if !known[n[1]] {
			t.Errorf("docs/glossary.md names %s, which the code does not have", n[1])
		}
	}
}

// exportedNames returns package.Name of what is declared in the packages below some
// folders, and package.Type.Field.
func exportedNames(t *testing.T, roots ...string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, root := range roots {
		for _, pattern := range []string{"*.go", "*/*.go"} {
			files, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range files {
				if strings.HasSuffix(path, "_test.go") {
					continue
				}
				file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
				if err != nil {
					t.Fatal(err)
				}
				addExported(out, file)
			}
		}
	}
	return out
}

func addExported(out map[string]bool, file *ast.File) {
	in := file.Name.Name + "."
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				out[in+d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					out[in+s.Name.Name] = true
					if st, ok := s.Type.(*ast.StructType); ok {
						for _, f := range st.Fields.List {
							for _, n := range f.Names {
								out[in+s.Name.Name+"."+n.Name] = true
							}
						}
					}
				case *ast.ValueSpec:
					for _, n := range s.Names {
						out[in+n.Name] = true
					}
				}
			}
		}
	}
}
