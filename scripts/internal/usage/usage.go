// Package usage finds where a service's Go code uses the generated types of events: which functions mention a type, and
// which members they read or set.
//
// It reads syntax only, so that it works on code that doesn't compile, such as code whose events have just changed. A
// function that mentions an event's type and selects a field of a member's name counts as one that uses the member.
package usage

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Function is a function that mentions types of events.
type Function struct {
	Name   string // "Desk.Light"
	Types  []Type
	Fields []Field
}

// Type is a mention of a type.
type Type struct {
	Producer string // the folder below events
	Name     string // "LampLit"
	Literal  bool   // a value is made there
	At       Place
}

// Field is a selection of a field.
type Field struct {
	Name string // "LampID"
	At   Place
}

// Place is a position in a file. It prints as compilers do.
type Place struct {
	File         string // relative to the root
	Line, Column int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Mentions reports whether a function mentions a type of a producer.
func (f Function) Mentions(producer, name string) bool {
	return slices.ContainsFunc(f.Types, func(t Type) bool { return t.Producer == producer && t.Name == name })
}

// Of returns the functions of a service that mention types of events, tests excluded.
func Of(root, service string) (functions []Function, err error) {
	folder := filepath.Join(root, "services", service)
	err = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) && name == folder {
			return nil
		}
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if file == nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		functions = append(functions, inFile(root, set, file)...) // as far as it could be parsed: the compiler reports the rest
		return nil
	})
	return functions, err
}

func inFile(root string, set *token.FileSet, file *ast.File) (functions []Function) {
	producers := imports(file)
	if len(producers) == 0 {
		return nil
	}
	at := func(node ast.Node) Place {
		position := set.Position(node.Pos())
		name, err := filepath.Rel(root, position.Filename)
		if err != nil {
			name = position.Filename
		}
		return Place{filepath.ToSlash(name), position.Line, position.Column}
	}
	for _, declaration := range file.Decls {
		found := Function{Name: name(declaration)}
		literals := map[ast.Node]bool{}
		ast.Inspect(declaration, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CompositeLit:
				literals[node.Type] = true
				for _, element := range node.Elts { // T{Field: …}
					if pair, is := element.(*ast.KeyValueExpr); is {
						if key, is := pair.Key.(*ast.Ident); is {
							found.Fields = append(found.Fields, Field{key.Name, at(key)})
						}
					}
				}
			case *ast.SelectorExpr:
				of, _ := node.X.(*ast.Ident)
				if of != nil && producers[of.Name] != "" {
					found.Types = append(found.Types, Type{producers[of.Name], node.Sel.Name, literals[node], at(node)})
				} else {
					found.Fields = append(found.Fields, Field{node.Sel.Name, at(node.Sel)})
				}
			}
			return true
		})
		if len(found.Types) > 0 {
			functions = append(functions, found)
		}
	}
	return functions
}

// imports returns the folders of producers that a file imports, by the name that it knows them by.
func imports(file *ast.File) map[string]string {
	producers := map[string]string{}
	for _, spec := range file.Imports {
		_, producer, inEvents := strings.Cut(strings.Trim(spec.Path.Value, `"`), "/events/")
		if !inEvents || strings.Contains(producer, "/") {
			continue
		}
		name := strings.ReplaceAll(producer, "-", "")
		if spec.Name != nil {
			name = spec.Name.Name
		}
		producers[name] = producer
	}
	return producers
}

// name returns the name of a function, with its receiver's.
func name(declaration ast.Decl) string {
	function, is := declaration.(*ast.FuncDecl)
	if !is {
		return "a declaration"
	}
	if function.Recv == nil || len(function.Recv.List) == 0 {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	if star, is := receiver.(*ast.StarExpr); is {
		receiver = star.X
	}
	if of, is := receiver.(*ast.Ident); is {
		return of.Name + "." + function.Name.Name
	}
	return function.Name.Name
}
