package console

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
)

// findHandlers returns, by service, where its functions and methods are: "services/payments/internal/payment/desk.go:31"
// by "Desk.Authorize", the name that steps bear. Where source can't be read, less is shown, and nothing else is lost.
func findHandlers(root string, services []string) map[string]map[string]string {
	found := map[string]map[string]string{}
	for _, service := range services {
		places := map[string]string{}
		_ = filepath.WalkDir(filepath.Join(root, "services", service), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				note(places, root, path)
			}
			return err
		})
		found[service] = places
	}
	return found
}

// note adds the exported methods and all functions of a file.
func note(places map[string]string, root, path string) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	for _, declared := range parsed.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok {
			continue
		}
		at := files.Position(function.Pos())
		if short, err := filepath.Rel(root, path); err == nil {
			places[receiver(function)+function.Name.Name] = fmt.Sprintf("%s:%d", filepath.ToSlash(short), at.Line)
		}
	}
}

// receiver returns "Desk." for a method of Desk or *Desk.
func receiver(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	expression := function.Recv.List[0].Type
	if pointer, ok := expression.(*ast.StarExpr); ok {
		expression = pointer.X
	}
	if name, ok := expression.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}
