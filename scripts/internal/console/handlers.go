package console

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"example.com/troupe/events/manifest"
)

// handler is the handler of an event or a route, with its position in the source.
type handler struct {
	Name string `json:"handler"`
	File string `json:"file"` // with the line: "services/<name>/main.go:50"
}

// findHandlers returns the handlers of events and routes by service. It identifies an event's handler by the type of
// the last parameter, and a route's by the route's text. If some source can't be read, those handlers are missing.
func findHandlers(root string, manifests []*manifest.Manifest) map[string]map[string]handler {
	found := map[string]map[string]handler{}
	for _, m := range manifests {
		s := &search{root: root, wanted: map[string]string{}, found: map[string]handler{}}
		for _, subscription := range m.Subscribes {
			s.wanted[typeName(subscription.Event)] = subscription.Event
		}
		for _, route := range m.HTTP {
			s.wanted[strconv.Quote(route)] = route
		}
		_ = filepath.WalkDir(filepath.Join(root, "services", m.Name), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				s.look(path)
			}
			return err
		})
		found[m.Name] = s.found
	}
	return found
}

// typeName returns the Go name of an event as scripts/generate does: ThingHappened for thing.happened.v1.
func typeName(event string) string {
	words := strings.Split(strings.TrimSuffix(event, ".v1"), ".")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// search searches for the handlers of a service's events and routes.
type search struct {
	root   string
	wanted map[string]string  // events and routes, by their representation in the source
	found  map[string]handler // by event or route
}

func (s *search) look(path string) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	short, err := filepath.Rel(s.root, path)
	if err != nil {
		return
	}
	note := func(sign, name string, at token.Pos) {
		if event, wanted := s.wanted[sign]; wanted {
			s.found[event] = handler{name, fmt.Sprintf("%s:%d", filepath.ToSlash(short), files.Position(at).Line)}
		}
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			note(takes(node), receiver(node)+node.Name.Name, node.Pos())
		case *ast.BasicLit:
			note(node.Value, "", node.Pos())
		}
		return true
	})
}

// takes returns "ThingHappened" for a handler: a function (context.Context, *eventing.Tx, producer.ThingHappened).
func takes(function *ast.FuncDecl) string {
	parameters := function.Type.Params.List
	if len(parameters) != 3 || !isTx(parameters[1].Type) {
		return ""
	}
	if taken, ok := parameters[2].Type.(*ast.SelectorExpr); ok {
		return taken.Sel.Name
	}
	return ""
}

func isTx(parameter ast.Expr) bool {
	pointer, isPointer := parameter.(*ast.StarExpr)
	if !isPointer {
		return false
	}
	named, isNamed := pointer.X.(*ast.SelectorExpr)
	return isNamed && named.Sel.Name == "Tx"
}

// receiver returns "T." for a method of T or *T.
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
