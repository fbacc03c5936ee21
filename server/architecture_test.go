package main

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The picture in docs/architecture.md is drawn from the import clauses, so that it
// cannot go stale: after a change of packages, make generate draws it anew.
func TestArchitecturePicture(t *testing.T) {
	t.Parallel()
	const path, from, to = "../docs/architecture.md", "<!-- drawn by make generate: do not edit -->\n", "<!-- end of the drawing -->\n"
	packages, err := ourPackages("..")
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(have), from)
	_, after, closed := strings.Cut(rest, to)
	if !opened || !closed {
		t.Fatalf("%s has no place for the drawing", path)
	}
	want := before + from + draw(t, packages) + to + after
	if os.Getenv("UPDATE_GENERATED") != "" {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(have), "\n"), strings.Split(want, "\n")); diff != "" {
		t.Errorf("%s (-) is not what the code imports (+); if the arrows are right, make generate:\n%s", path, diff)
	}
}

// A package is a room that one can know: not more files than a reader keeps apart, and
// no type that is the whole company.
func TestRoomsStaySmall(t *testing.T) {
	t.Parallel()
	const maxFiles, maxMethods = 45, 60
	packages, err := ourPackages("..")
	if err != nil {
		t.Fatal(err)
	}
	for dir, p := range packages {
		if p.files > maxFiles {
			t.Errorf("%s has %d files, more than %d: make a package of one area", dir, p.files, maxFiles)
		}
		methods, err := exportedMethods(filepath.Join("..", dir))
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range methods {
			if n > maxMethods {
				t.Errorf("%s.%s has %d exported methods, more than %d: let functions take it", dir, name, n, maxMethods)
			}
		}
	}
}

// exportedMethods counts the exported methods of each type of a folder's package.
func exportedMethods(dir string) (map[string]int, error) {
	out := map[string]int{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			receiver := f.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			if name, ok := receiver.(*ast.Ident); ok {
				out[name.Name]++
			}
		}
	}
	return out, nil
}

// ourPackage is a package of product code.
type ourPackage struct {
	dir      string
	owns     string // the first sentence of its comment
	imports  []string
	files    int
	testOnly bool // test helpers, which product code does not import
}

// ourPackages reads the packages below a folder by their import clauses.
func ourPackages(root string) (map[string]*ourPackage, error) {
	out := map[string]*ourPackage{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		if err != nil || entry.IsDir() && name != ".." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		p := out[dir]
		if p == nil {
			p = &ourPackage{dir: dir, testOnly: strings.HasSuffix(dir, "test")}
			out[dir] = p
		}
		p.add(file)
		return nil
	})
	return out, err
}

func (p *ourPackage) add(file *ast.File) {
	p.files++
	if file.Doc != nil {
		p.owns = new(doc.Package).Synopsis(file.Doc.Text())
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if ours, ok := strings.CutPrefix(path, "wuyepay/"); ok && !slices.Contains(p.imports, ours) {
			p.imports = append(p.imports, ours)
		}
	}
	slices.Sort(p.imports)
}

// draw writes the folders as a diagram and their packages as tables, from the top
// down: a package imports only what stands below it.
func draw(t *testing.T, packages map[string]*ourPackage) string {
	t.Helper()
	height := map[string]int{}
	var measure func(dir string, above []string) int
	measure = func(dir string, above []string) int {
		if slices.Contains(above, dir) {
			t.Fatalf("packages import each other: %s", strings.Join(append(above, dir), " -> "))
		}
		if h, known := height[dir]; known {
			return h
		}
		h := 0
		for _, next := range packages[dir].imports {
			h = max(h, 1+measure(next, append(slices.Clone(above), dir)))
		}
		height[dir] = h
		return h
	}
	dirs := slices.Sorted(maps.Keys(packages))
	dirs = slices.DeleteFunc(dirs, func(dir string) bool { return packages[dir].testOnly })
	for _, dir := range dirs {
		measure(dir, nil)
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return height[b] - height[a] })

	var b strings.Builder
	b.WriteString("\n```mermaid\ngraph TD\n")
	for _, arrow := range folderArrows(packages, dirs) {
		b.WriteString("  " + arrow + "\n")
	}
	b.WriteString("```\n\n| package | owns | imports of ours |\n| --- | --- | --- |\n")
	for _, dir := range dirs {
		p := packages[dir]
		imports := strings.Join(p.imports, ", ")
		if imports == "" {
			imports = "nothing"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", dir, strings.ReplaceAll(p.owns, "|", "\\|"), imports)
	}
	b.WriteString("\n")
	return b.String()
}

// folderArrows are the imports between the folders at the top, without those that a
// longer way shows already.
func folderArrows(packages map[string]*ourPackage, dirs []string) []string {
	folder := func(dir string) string { return strings.Split(dir, "/")[0] }
	direct := map[string]map[string]bool{}
	for _, dir := range dirs {
		for _, next := range packages[dir].imports {
			if a, b := folder(dir), folder(next); a != b {
				if direct[a] == nil {
					direct[a] = map[string]bool{}
				}
				direct[a][b] = true
			}
		}
	}
	var reaches func(from, to string) bool
	reaches = func(from, to string) bool {
		for next := range direct[from] {
			if next == to || reaches(next, to) {
				return true
			}
		}
		return false
	}
	var out []string
	for _, a := range slices.Sorted(maps.Keys(direct)) {
		for _, b := range slices.Sorted(maps.Keys(direct[a])) {
			longer := false
			for c := range direct[a] {
				longer = longer || c != b && reaches(c, b)
			}
			if !longer {
				out = append(out, a+" --> "+b)
			}
		}
	}
	return out
}
