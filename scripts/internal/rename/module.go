// Package rename gives a checkout the names of its owner: the module's path, and the product's name, which is the
// prefix of all resource names.
//
// It replaces the path in text files of every kind, but only where it stands as a whole. Go source is formatted
// afterwards, because imports may sort differently.
package rename

import (
	"errors"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// ModulePath returns the module path of a checkout.
func ModulePath(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("read the module path: %w: run this at the root of the repository", err)
	}
	found := modfile.ModulePath(text)
	if found == "" {
		return "", fmt.Errorf("read the module path: %s has no module line", filepath.Join(root, "go.mod"))
	}
	return found, nil
}

// CheckModule returns an error if name can't be a module path. Since the module isn't downloaded, its path may begin
// with any word: "shop" and "acme/shop" are valid.
func CheckModule(name string) error {
	first, _, _ := strings.Cut(name, "/")
	err := module.CheckImportPath(name)
	if strings.Contains(first, ".") {
		err = module.CheckPath(name)
	}
	if err != nil {
		return err
	}
	if _, _, ok := module.SplitPathVersion(name); !ok {
		return fmt.Errorf("malformed module path %q: a version suffix must be /v2 or later", name)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("ask go for its folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(strings.TrimSpace(string(goroot)), "src", first)); err == nil {
		return fmt.Errorf("malformed module path %q: %s belongs to the standard library", name, first)
	}
	return nil
}

// Module renames the module of the checkout at root and returns the changed files. Nested modules whose paths derive
// from its own, such as scripts/lab's, are renamed as well; others are left alone.
func Module(root, to string) (changed []string, err error) {
	if err := CheckModule(to); err != nil {
		return nil, err
	}
	from, err := ModulePath(root)
	if err != nil || from == to {
		return nil, err
	}
	files, err := textFiles(root)
	if err != nil {
		return nil, err
	}
	p, err := newPath(from, to, files)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := p.rename(f)
		if err != nil {
			return changed, fmt.Errorf("%s: %w", f.name, err)
		}
		written, err := f.write(root, text)
		if err != nil {
			return changed, err
		}
		if written {
			changed = append(changed, f.name)
		}
	}
	return changed, nil
}

// modulePath is a change of a module path.
type modulePath struct {
	from, to string
	foreign  []string // modules whose paths begin with from but that aren't part of the checkout
	folders  []string // top-level folders with Go packages
	strict   bool     // from may be an ordinary word, so replace it only in import paths: from/folder
}

func newPath(from, to string, files []textFile) (modulePath, error) {
	first, _, slash := strings.Cut(from, "/")
	p := modulePath{from: from, to: to, strict: !slash || !strings.Contains(first, ".")}
	ours, mentioned := map[string]bool{}, []string{}
	for _, f := range files {
		if folder, _, below := strings.Cut(f.name, "/"); below && path.Ext(f.name) == ".go" && !slices.Contains(p.folders, folder) {
			p.folders = append(p.folders, folder)
		}
		if path.Base(f.name) != "go.mod" {
			continue
		}
		mod, err := modfile.ParseLax(f.name, f.text, nil)
		if err != nil {
			return p, err
		}
		if mod.Module == nil {
			continue
		}
		if mod.Module.Mod.Path == path.Join(from, path.Dir(f.name)) {
			ours[mod.Module.Mod.Path] = true
		}
		mentioned = append(mentioned, mod.Module.Mod.Path)
		for _, required := range mod.Require {
			mentioned = append(mentioned, required.Mod.Path)
		}
	}
	if slices.Contains(mentioned, to) {
		return p, fmt.Errorf("another module is called %s: choose another path", to)
	}
	for _, name := range mentioned {
		if strings.HasPrefix(name, from+"/") && !ours[name] && !slices.Contains(p.foreign, name) {
			p.foreign = append(p.foreign, name)
		}
	}
	return p, nil
}

// rename returns a file's text with the new path.
func (p modulePath) rename(f textFile) ([]byte, error) {
	if path.Base(f.name) == "go.mod" {
		return p.renameModule(f.name, f.text)
	}
	text := []byte(p.replace(string(f.text)))
	if path.Ext(f.name) == ".go" && string(text) != string(f.text) {
		if formatted, err := format.Source(text); err == nil { // Go source that doesn't parse is test data
			return formatted, nil
		}
	}
	return text, nil
}

// replace replaces the path where it stands as a whole.
func (p modulePath) replace(text string) string {
	var out strings.Builder
	for rest := text; ; {
		at := strings.Index(rest, p.from)
		if at < 0 {
			out.WriteString(rest)
			return out.String()
		}
		before, after := text[:len(text)-len(rest)+at], rest[at+len(p.from):]
		out.WriteString(rest[:at])
		if p.begins(before) && p.ends(after) {
			out.WriteString(p.to)
		} else {
			out.WriteString(p.from)
		}
		rest = after
	}
}

// inPath reports whether a character continues a path element.
func inPath(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_~-", c) >= 0
}

// begins reports whether a path may begin after the text.
func (p modulePath) begins(before string) bool {
	if before == "" || strings.HasSuffix(before, `\n`) || strings.HasSuffix(before, `\t`) { // an escape in a Go string
		return true
	}
	last := before[len(before)-1]
	return !inPath(last) && last != '.' && last != '@' && (last != '/' || !p.strict)
}

// ends reports whether the path ends before the text.
func (p modulePath) ends(after string) bool {
	if p.strict {
		return slices.ContainsFunc(p.folders, func(folder string) bool {
			rest, found := strings.CutPrefix(after, "/"+folder)
			return found && (rest == "" || !inPath(rest[0]))
		})
	}
	for _, name := range p.foreign {
		if rest, found := strings.CutPrefix(p.from+after, name); found && (rest == "" || !inPath(rest[0])) {
			return false
		}
	}
	switch {
	case after == "" || strings.HasPrefix(after, ".git"):
		return true
	case after[0] == '.':
		return len(after) == 1 || !inPath(after[1]) // the end of a sentence
	}
	return !inPath(after[0])
}

// renameModule renames the path in a go.mod and sorts the blocks as go mod tidy does. A module that is replaced by a
// folder needs a version that matches its path: v2.0.0 for a path that ends with /v2.
func (p modulePath) renameModule(name string, text []byte) ([]byte, error) {
	mod, err := modfile.ParseLax(name, text, nil)
	if err != nil {
		return nil, err
	}
	_, major, ok := module.SplitPathVersion(p.to)
	if !ok {
		return nil, errors.New("the new path has no valid version")
	}
	version := "v0.0.0"
	if prefix := module.PathMajorPrefix(major); prefix != "" {
		version = prefix + ".0.0"
	}
	for _, statement := range mod.Syntax.Stmt {
		p.renameComments(statement)
		switch s := statement.(type) {
		case *modfile.Line:
			p.renameLine(s.Token, version)
		case *modfile.LineBlock:
			for _, line := range s.Line {
				p.renameComments(line)
				p.renameLine(line.Token, version)
			}
		}
	}
	mod.SortBlocks()
	return modfile.Format(mod.Syntax), nil
}

func (p modulePath) renameLine(tokens []string, version string) {
	for i, token := range tokens {
		if token == p.from || strings.HasPrefix(token, p.from+"/") && !slices.Contains(p.foreign, token) {
			tokens[i] = p.to + token[len(p.from):]
		}
		if tokens[i] == p.to && i+1 < len(tokens) && strings.HasSuffix(tokens[i+1], ".0.0") {
			tokens[i+1] = version
		}
	}
}

func (p modulePath) renameComments(of modfile.Expr) {
	c := of.Comment()
	for _, comments := range [][]modfile.Comment{c.Before, c.Suffix, c.After} {
		for i := range comments {
			comments[i].Token = p.replace(comments[i].Token)
		}
	}
}
