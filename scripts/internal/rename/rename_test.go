package rename_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/rename"
)

// tree is a small checkout whose module is MODULE. Its imports are sorted for "example.com/stage".
var tree = map[string]string{
	"go.mod": "module MODULE\n\ngo 1.26\n\nrequire (\n\texample.com/other v0.0.0\n\tgithub.com/google/go-cmp v0.7.0\n)\n\nreplace example.com/other => ./scripts/other\n",
	"scripts/lab/go.mod": `module MODULE/scripts/lab

go 1.26

require (
	MODULE v0.0.0
	github.com/google/go-cmp v0.7.0
)

replace MODULE => ../..
`,
	"scripts/other/go.mod":     "module example.com/other\n",
	"scripts/other/other.go":   "package other\n\nimport _ \"example.com/other/part\"\n",
	"events/events.go":         "package events\n",
	"services/a/main.go":       "// Command a imports MODULE/events.\npackage main\n\nimport (\n\t\"MODULE/events\" // ours\n\t\"github.com/google/go-cmp/cmp\"\n)\n\nvar _ = cmp.Diff(events.A, \"x\\nMODULE/events\")\n",
	"scripts/gen/file.go.tmpl": "import \"MODULE/events\"\n",
	"services/stories/a.txtar": "-- main.go --\nimport \"MODULE/events\"\n",
	"terraform/main.tf":        "# as MODULE/services/a does\n",
	"Makefile":                 "flags = -X 'MODULE/events.Version=1'\n",
	".github/check.yml":        "run: go build MODULE/services/...\n",
	"page.json":                "{\"package\": \"MODULE/events\"}\n",
	"script":                   "#!/bin/sh\ngo vet MODULE/events\n",
	"ignored/old.go":           "package old // MODULE/events\n",
	".gitignore":               "/ignored/\n",
}

// plant writes the tree with a module path and returns its root.
func plant(t *testing.T, module string, git bool) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range tree {
		write(t, filepath.Join(root, name), strings.ReplaceAll(text, "MODULE", module))
	}
	if git {
		if out, err := exec.Command("git", "init", "-q", root).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return root
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, root, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestModule renames a module several times: to shorter and longer paths, to paths that sort before and after others,
// and to single words.
func TestModule(t *testing.T) {
	root := plant(t, "example.com/stage", true)
	from := "example.com/stage"
	for _, to := range []string{
		"zoo.example.org/acme/very/long/path", "github.com/acme/stage", "stage", "acme/stage", "a.b", "github.com/acme/stage/v2",
		"example.com/stage", "github.com/google/go-cmp-stage", "x", "example.com",
	} {
		changed, err := rename.Module(root, to)
		if err != nil {
			t.Fatalf("to %s: %v", to, err)
		}
		if len(changed) != len(tree)-5 { // without the other module, events.go, .gitignore and what that ignores
			t.Errorf("from %s to %s: %d files changed: %v", from, to, len(changed), changed)
		}
		version := "v0.0.0"
		if strings.HasSuffix(to, "/v2") {
			version = "v2.0.0"
		}
		for _, want := range []struct{ file, text string }{
			{"go.mod", "module " + to + "\n"},
			{"scripts/lab/go.mod", "module " + to + "/scripts/lab\n"},
			{"scripts/lab/go.mod", to + " " + version + "\n"},
			{"scripts/lab/go.mod", "replace " + to + " => ../..\n"},
			{"services/a/main.go", "imports " + to + "/events.\n"},
			{"services/a/main.go", "\"" + to + "/events\" // ours\n"},
			{"services/a/main.go", "x\\n" + to + "/events\")"},
			{"terraform/main.tf", "as " + to + "/services/a does"},
			{"Makefile", "'" + to + "/events.Version"},
			{".github/check.yml", " " + to + "/services/..."},
			{"page.json", "\"" + to + "/events\""},
			{"services/stories/a.txtar", "\"" + to + "/events\""},
			{"scripts/gen/file.go.tmpl", "\"" + to + "/events\""},
			{"script", "vet " + to + "/events\n"},
			{"ignored/old.go", "// example.com/stage/events\n"},
			{"scripts/other/go.mod", "module example.com/other\n"},
			{"scripts/other/other.go", "\"example.com/other/part\""},
		} {
			if text := read(t, root, want.file); !strings.Contains(text, want.text) {
				t.Errorf("from %s to %s: %s has no %q:\n%s", from, to, want.file, want.text, text)
			}
		}
		if out, err := exec.Command("gofmt", "-l", root).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("from %s to %s: gofmt: %v, %s", from, to, err, out)
		}
		if lines := required(read(t, root, "scripts/lab/go.mod")); !slices.IsSorted(lines) {
			t.Errorf("from %s to %s: requirements are not sorted: %q", from, to, lines)
		}
		from = to
	}
}

func required(mod string) (paths []string) {
	_, block, _ := strings.Cut(mod, "require (\n")
	block, _, _ = strings.Cut(block, ")")
	for line := range strings.Lines(block) {
		paths = append(paths, strings.Fields(line)[0])
	}
	return paths
}

// TestModuleWithoutGit checks that an unpacked tree is renamed like a cloned one.
func TestModuleWithoutGit(t *testing.T) {
	root := plant(t, "example.com/stage", false)
	write(t, filepath.Join(root, ".troupe/bin/x.go"), "// example.com/stage/events\n")
	changed, err := rename.Module(root, "github.com/acme/stage")
	if err != nil || len(changed) != len(tree)-4 || slices.Contains(changed, ".troupe/bin/x.go") {
		t.Errorf("%d files changed, %v: %v", len(changed), err, changed)
	}
}

// TestModuleIsAWhole checks that text that only resembles the path stays.
func TestModuleIsAWhole(t *testing.T) {
	root := plant(t, "example.com/stage", true)
	write(t, filepath.Join(root, "README.md"), `example.com/stage-two, example.com/stages, example.com/stage.two, ann@example.com/stage, not-example.com/stage stay;
https://example.com/stage, example.com/stage.git and example.com/stage. go`)
	write(t, filepath.Join(root, "picture.png"), "\x89PNG\x00example.com/stage")
	if _, err := rename.Module(root, "acme.org/x"); err != nil {
		t.Fatal(err)
	}
	want := `example.com/stage-two, example.com/stages, example.com/stage.two, ann@example.com/stage, not-example.com/stage stay;
https://acme.org/x, acme.org/x.git and acme.org/x. go`
	if got := read(t, root, "README.md"); got != want {
		t.Errorf("got %s", got)
	}
	if read(t, root, "picture.png") != "\x89PNG\x00example.com/stage" {
		t.Error("a picture was changed")
	}
}

// TestWordsStay checks that a module path of a single word isn't replaced in ordinary text.
func TestWordsStay(t *testing.T) {
	root := plant(t, "stage", true)
	const prose = "A stage is no stage-door: see stage/events, not backstage/events or stage/left. https://example.com/stage/events\n"
	write(t, filepath.Join(root, "README.md"), prose)
	if _, err := rename.Module(root, "acme.org/x"); err != nil {
		t.Fatal(err)
	}
	if got, want := read(t, root, "README.md"), strings.Replace(prose, "stage/events", "acme.org/x/events", 1); got != want {
		t.Errorf("got %s", got)
	}
}

func TestCheckModule(t *testing.T) {
	for path, valid := range map[string]bool{
		"github.com/acme/shop": true, "example.com": true, "shop": true, "acme/shop": true, "github.com/Acme/shop": true,
		"github.com/acme/shop/v2": true, "github.com/acme/shop/v1": false, "github.com/acme shop": false, "../shop": false,
		"/shop": false, "shop/": false, "github.com//shop": false, "fmt": false, "net/shop": false, "https://github.com/acme/shop": false,
	} {
		if err := rename.CheckModule(path); (err == nil) != valid {
			t.Errorf("%q: %v, want valid: %v", path, err, valid)
		}
	}
}

// TestAnotherModule checks that the name of another module is refused: two modules of one name can't be built.
func TestAnotherModule(t *testing.T) {
	if _, err := rename.Module(plant(t, "example.com/stage", true), "example.com/other"); err == nil || !strings.Contains(err.Error(), "another module") {
		t.Error(err)
	}
}

// TestProduct renames the product in a copy of the files of this repository that declare it.
func TestProduct(t *testing.T) {
	root := t.TempDir()
	repository := filepath.Join("..", "..", "..")
	old, err := rename.ProductName(repository)
	if err != nil {
		t.Fatal(err)
	}
	places := []string{
		"scripts/internal/stack/declared.go", "terraform/variables.tf", "terraform/bootstrap/variables.tf",
		"terraform/README.md", "terraform/bootstrap/README.md",
	}
	for _, name := range places {
		write(t, filepath.Join(root, name), read(t, repository, name))
	}
	write(t, filepath.Join(root, "README.md"), "`"+old+"-dev-a`, /"+old+"/dev/a, lambda/"+old+"-prod-a; my-"+old+"-dev, "+old+" and "+old+"-x stay")
	for _, to := range []string{"acme-2", "zoo"} {
		changed, err := rename.Product(root, to)
		if err != nil || len(changed) != len(places)+1 {
			t.Fatalf("%v, changed %v", err, changed)
		}
		if name, err := rename.ProductName(root); name != to {
			t.Errorf("the name is %s, %v; want %s", name, err, to)
		}
		if got, want := read(t, root, "README.md"), "`"+to+"-dev-a`, /"+to+"/dev/a, lambda/"+to+"-prod-a; my-"+old+"-dev, "+old+" and "+old+"-x stay"; got != want {
			t.Errorf("README: %s; want %s", got, want)
		}
		for _, name := range places[1:3] {
			if text := read(t, root, name); strings.Count(text, `"`+to+`"`) != 1 {
				t.Errorf("%s does not declare %s once", name, to)
			}
		}
		for _, name := range places[3:] {
			if text := read(t, root, name); !strings.Contains(text, "`\""+to+"\"`") {
				t.Errorf("%s does not give %s as the default", name, to)
			}
		}
	}
}

func TestCheckProduct(t *testing.T) {
	for name, valid := range map[string]bool{
		"shop": true, "a1": true, "acme-shop": true, "a": false, "Shop": false, "1shop": false, "acme--shop": false, "shop-": false,
		"-shop": false, "acme_shop": false, "sixteen-letters-": false, "seventeen-letters": false, "": false,
	} {
		if err := rename.CheckProduct(name); (err == nil) != valid {
			t.Errorf("%q: %v, want valid: %v", name, err, valid)
		}
	}
}
