// Package overlay builds test binaries of the lab that contain the services of a checkout, although services are
// commands, which can't be imported.
//
// It passes an overlay to the go command. In the overlay, each services/<name> also exists as the package
// services/<name>/simulated, whose Main is the service's main; host.Main passes on the service's parts instead of
// running it; and the packages of the lab that need them import all of these packages, and services/invariants if it
// exists. A service thus takes part in the simulation because its folder exists, without any code for it.
package overlay

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"example.com/troupe/scripts/internal/rename"
)

//go:embed host.go.txt
var hostMain []byte

const hostFile = "services/kit/host/main.go"

// overlay collects files that replace those of a checkout.
type overlay struct {
	root, folder string
	module       string
	changed      map[string][]byte
	replace      map[string]string // by path, the replacement's path
}

// Write writes an overlay of a checkout to a folder and returns its file. The files in changed, by path in the
// checkout, replace those on disk.
func Write(root, folder string, changed map[string][]byte) (file string, err error) {
	if root, err = filepath.Abs(root); err != nil {
		return "", err
	}
	o := &overlay{root: root, folder: folder, changed: changed, replace: map[string]string{}}
	if o.module, err = rename.ModulePath(root); err != nil {
		return "", err
	}
	for name, content := range changed {
		if err := o.put(name, content); err != nil {
			return "", err
		}
	}
	services, err := o.services()
	if err != nil {
		return "", err
	}
	if err := o.host(); err != nil {
		return "", err
	}
	if err := o.imports(services); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": o.replace})
	if err != nil {
		return "", err
	}
	file = filepath.Join(folder, "overlay.json")
	return file, os.WriteFile(file, text, 0o600)
}

// put sets the content of a file of the checkout.
func (o *overlay) put(name string, content []byte) error {
	to := filepath.Join(o.folder, strconv.Itoa(len(o.replace))+filepath.Ext(name))
	o.replace[o.path(name)] = to
	return os.WriteFile(to, content, 0o600)
}

func (o *overlay) path(name string) string { return filepath.Join(o.root, filepath.FromSlash(name)) }

func (o *overlay) read(name string) ([]byte, error) {
	if content, changed := o.changed[name]; changed {
		return content, nil
	}
	return os.ReadFile(o.path(name))
}

// services adds each service as a package and returns their names.
func (o *overlay) services() (names []string, err error) {
	manifests, err := fs.Glob(os.DirFS(o.root), "services/*/service.json")
	if err != nil {
		return nil, err
	}
	for _, manifest := range manifests {
		name := path.Base(path.Dir(manifest))
		if err := o.service(path.Dir(manifest)); err != nil {
			return nil, fmt.Errorf("present the service %s as a package: %w", name, err)
		}
		names = append(names, name)
	}
	return names, nil
}

// service adds the Go files of a service's folder, and the files that they may embed.
func (o *overlay) service(folder string) error {
	return fs.WalkDir(os.DirFS(o.root), folder, func(name string, entry fs.DirEntry, err error) error {
		inside := strings.TrimPrefix(name, folder+"/")
		simulated := path.Join(folder, "simulated", inside)
		switch {
		case err != nil || entry.IsDir():
			return err
		case path.Ext(name) != ".go":
			o.replace[o.path(simulated)] = o.path(name)
			return nil
		case path.Dir(name) != folder || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		content, err := o.read(name)
		if err != nil {
			return err
		}
		if content, err = renamed(name, content, "simulated", "main", "Main"); err != nil {
			return err
		}
		return o.put(simulated, content)
	})
}

// host makes host.Main pass on a service's parts.
func (o *overlay) host() error {
	content, err := o.read(hostFile)
	if err != nil {
		return err
	}
	if content, err = renamed(hostFile, content, "", "Main", "mainOfProcess"); err != nil {
		return err
	}
	if err := o.put(hostFile, content); err != nil {
		return err
	}
	return o.put("services/kit/host/simulated.go", hostMain)
}

// renamed renames a file's package and one of its functions.
func renamed(name string, content []byte, pkg, function, to string) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, content, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	identifiers := map[*ast.Ident]string{}
	if pkg != "" {
		identifiers[file.Name] = pkg
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == function {
			identifiers[f.Name] = to
		}
	}
	var edited bytes.Buffer
	at := 0
	for _, id := range slices.SortedFunc(maps.Keys(identifiers), func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) }) {
		begin := files.Position(id.Pos()).Offset
		edited.Write(content[at:begin])
		edited.WriteString(identifiers[id])
		at = begin + len(id.Name)
	}
	edited.Write(content[at:])
	return edited.Bytes(), nil
}

// imports adds the files with which packages of the lab import the services and their invariants.
func (o *overlay) imports(services []string) error {
	invariants, err := o.invariants()
	if err != nil {
		return err
	}
	simulation := &source{}
	simulation.add(strconv.Quote(o.module + "/services/kit/host"))
	simulation.do("host.Hand = func(s host.Handed) { take(s.Declaration, s.Open, s.Embed) }")
	for i, name := range services {
		simulation.add(fmt.Sprintf("service%d %q", i, o.module+"/services/"+name+"/simulated"))
		simulation.do(fmt.Sprintf("service%d.Main()", i))
	}
	chaos := &source{constraint: "chaos && linux"}
	for _, s := range []*source{simulation, chaos} {
		s.do("linked = true")
		if len(invariants) > 0 {
			s.add(strconv.Quote(o.module + "/services/invariants"))
		}
		for _, function := range invariants {
			s.do("domain." + function + " = invariants." + function)
		}
	}
	if err := o.put("scripts/lab/simulation/linked_test.go", simulation.file("simulation")); err != nil {
		return err
	}
	return o.put("scripts/lab/chaos/linked_test.go", chaos.file("chaos_test"))
}

// invariants returns which of the functions Check and Reset services/invariants has.
func (o *overlay) invariants() (functions []string, err error) {
	files, err := filepath.Glob(o.path("services/invariants/*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && (f.Name.Name == "Check" || f.Name.Name == "Reset") && !strings.HasSuffix(name, "_test.go") {
				functions = append(functions, f.Name.Name)
			}
		}
	}
	return functions, nil
}

// source is a Go file with an init function.
type source struct {
	constraint string
	imports    []string
	statements []string
}

func (s *source) add(spec string)     { s.imports = append(s.imports, spec) }
func (s *source) do(statement string) { s.statements = append(s.statements, statement) }

func (s *source) file(pkg string) []byte {
	var text bytes.Buffer
	if s.constraint != "" {
		fmt.Fprintf(&text, "//go:build %s\n\n", s.constraint)
	}
	fmt.Fprintf(&text, "package %s\n\nimport (\n\t%s\n)\n\nfunc init() {\n\t%s\n}\n", pkg, strings.Join(s.imports, "\n\t"), strings.Join(s.statements, "\n\t"))
	return text.Bytes()
}
