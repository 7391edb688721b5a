package codegen_test

import (
	"encoding/json"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	gotypes "go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/contracts"
)

// TestWhateverIsWrongHasAPlace replaces each value in the corpus's schemas by values of every kind, and removes it. Either Go is
// generated, or the error names the schema: nobody should have to find a mistake by the compiler.
func TestWhateverIsWrongHasAPlace(t *testing.T) {
	files, err := filepath.Glob("testdata/events/station/*.schema.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen, check := map[string]bool{}, typechecker(t)
	for _, file := range files {
		original, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root := t.TempDir()
		if err := os.CopyFS(root, os.DirFS("testdata")); err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(root, strings.TrimPrefix(file, "testdata/"))
		for _, other := range files { // one event at a time
			if other != file {
				if err := os.Remove(filepath.Join(root, strings.TrimPrefix(other, "testdata/"))); err != nil {
					t.Fatal(err)
				}
			}
		}
		for mutant := range mutants(t, original) {
			write(t, target, mutant)
			generated, err := codegen.Generate(root)
			if err != nil && !strings.Contains(err.Error(), filepath.Base(file)) && !strings.Contains(err.Error(), "defs.json") {
				t.Errorf("%s\n%v", mutant, err)
			}
			for _, code := range generated {
				if err == nil && !seen[types(code)] {
					seen[types(code)] = true
					if err := check(code); err != nil {
						t.Errorf("%s\nbecomes Go that doesn't compile: %v", mutant, err)
					}
				}
			}
			if _, err := contracts.Compare(original, []byte(mutant)); err != nil && json.Valid([]byte(mutant)) && mutant[0] == '{' {
				t.Errorf("%s\nis not compared: %v", mutant, err)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("the mutants become %d different files of Go, too few to prove anything", len(seen))
	}
}

// types returns the code without the schema that a bundled event has in it, and without comments: what can fail to compile.
func types(code []byte) string {
	text, _, _ := strings.Cut(string(code), "Schema = []byte(`")
	return regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAllString(text, "")
}

// typechecker returns a function that checks the types of a file with Go code.
func typechecker(t *testing.T) func(code []byte) error {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	build.Default.GOROOT = strings.TrimSpace(string(root)) // which a binary built with -trimpath doesn't know
	set := token.NewFileSet()
	config := gotypes.Config{Importer: importer.ForCompiler(set, "source", nil)}
	return func(code []byte) error {
		file, err := parser.ParseFile(set, "events_gen.go", code, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		_, err = config.Check("events_gen", set, []*ast.File{file}, nil)
		return err
	}
}

// mutants yields documents that differ from one in one value.
func mutants(t *testing.T, document []byte) func(yield func(string) bool) {
	t.Helper()
	var root any
	if err := json.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	replacements := []any{nil, 1, "1-2", []any{}, []any{"x", 1}, map[string]any{"x": map[string]any{}}, map[string]any{"type": "string"}, map[string]any{"$ref": "#/$defs/x"}}
	return func(yield func(string) bool) {
		say := func() bool {
			text, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			return yield(string(text))
		}
		walk(root, func(set func(any), old any) {
			for _, replacement := range replacements {
				set(replacement)
				say()
			}
			set(old)
		})
	}
}

// walk visits every value below one.
func walk(value any, visit func(set func(any), old any)) {
	switch value := value.(type) {
	case map[string]any:
		names := make([]string, 0, len(value))
		for name := range value {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			old := value[name]
			visit(func(v any) { value[name] = v }, old)
			walk(old, visit)
		}
	case []any:
		for i, old := range value {
			visit(func(v any) { value[i] = v }, old)
			walk(old, visit)
		}
	}
}
