package main

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/rename"
	"example.com/troupe/scripts/internal/scaffold"
)

var block = regexp.MustCompile("(?ms)^```(\\w*) ?(\\S*)\\n(.*?)^```$")

// TestVersionsPage does what events/VERSIONS.md says, in its order: it applies the diffs, runs the commands and compares
// what they print, and compiles the Go code against the types that are generated.
func TestVersionsPage(t *testing.T) {
	page, err := os.ReadFile("../../events/VERSIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	root := fixture.Root(t)
	module(t, root)
	t.Chdir(root)
	git(t, "init", "--quiet", "--initial-branch=main")
	commit(t)
	var code strings.Builder
	for _, found := range block.FindAllStringSubmatch(string(page), -1) {
		language, file, text := found[1], found[2], found[3]
		switch command, output, _ := strings.Cut(text, "\n"); {
		case language == "diff":
			apply(t, file, text)
		case language == "go":
			code.WriteString(text + "\n")
		case command == "$ make contracts":
			if got := says(t, "-base", "main"); got != output {
				t.Errorf("make contracts prints\n%s\nand the page says\n%s", got, output)
			}
			git(t, "checkout", "--quiet", "--", "events") // "the change is undone"
		case strings.HasPrefix(command, "$ make contracts EVENT="):
			if got := says(t, "-event", strings.TrimPrefix(command, "$ make contracts EVENT=")); got != output {
				t.Errorf("%s prints\n%s\nand the page says\n%s", command, got, output)
			}
		case strings.HasPrefix(command, "$ make new EVENT="):
			if got := create(t, root, strings.TrimPrefix(command, "$ make new EVENT=")); got != output {
				t.Errorf("%s prints\n%s\nand the page says\n%s", command, got, output)
			}
		case language == "":
			t.Errorf("the page runs something else: %s", command)
		}
	}
	compiles(t, root, code.String())
}

// module makes a checkout a module of the same name as this repository, with the packages that a domain imports.
func module(t *testing.T, root string) {
	t.Helper()
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"events", "services/kit/eventing"} {
		files, err := filepath.Glob(filepath.Join(repository, folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") {
				write(t, filepath.Join(root, folder, filepath.Base(file)), string(text))
			}
		}
	}
	path, err := rename.ModulePath(repository)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "go.mod"), "module "+path+"\n\ngo 1.26\n")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, arguments ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "git", arguments...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, out)
	}
}

func commit(t *testing.T) {
	t.Helper()
	git(t, "add", ".")
	git(t, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--message=sea")
}

// apply replaces the lines with a minus by those with a plus that follow them.
func apply(t *testing.T, file, diff string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	lines := strings.Split(strings.TrimSpace(diff), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		if old := lines[i][1:] + "\n"; lines[i][0] != '-' || !strings.Contains(text, old) {
			t.Fatalf("%s has no line %s", file, lines[i])
		}
		text = strings.Replace(text, lines[i][1:], lines[i+1][1:], 1)
	}
	write(t, file, text)
}

func says(t *testing.T, arguments ...string) string {
	t.Helper()
	var out bytes.Buffer
	cli.Run(t.Context(), run, arguments, cli.Terminal{Out: &out, Err: &bytes.Buffer{}})
	return out.String()
}

// create does what make new does, and returns what it prints of it.
func create(t *testing.T, root, eventType string) string {
	t.Helper()
	checkout, err := scaffold.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	files, _, err := checkout.Event(scaffold.EventOptions{Type: eventType})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		write(t, filepath.Join(root, name), string(text))
	}
	return "wrote " + strings.Join(files.Names(), "\nwrote ") + "\n"
}

// compiles vets the page's Go code, with the types that it doesn't show.
func compiles(t *testing.T, root, code string) {
	t.Helper()
	if _, err := codegen.Write(root); err != nil {
		t.Fatal(err)
	}
	code = `package page

import (
	"context"
	"math"

	"example.com/troupe/events/lighthouse"
	"example.com/troupe/services/kit/eventing"
)

type Keeper struct{}

type Harbour struct{}

type Lamp struct {
	ID     string
	Lumens float64
}

func (l *Lamp) Key() string { return "lamp/" + l.ID }

` + code
	file, err := parser.ParseFile(token.NewFileSet(), "page.go", code, 0)
	if err != nil {
		t.Fatal(err)
	}
	functions := 0
	for _, declaration := range file.Decls {
		if _, is := declaration.(*ast.FuncDecl); is {
			functions++
		}
	}
	if functions != 5 {
		t.Errorf("the page has %d functions, want 4", functions-1)
	}
	write(t, filepath.Join(root, "page/page.go"), code)
	vet := exec.CommandContext(t.Context(), "go", "vet", "./page")
	vet.Dir = root
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
