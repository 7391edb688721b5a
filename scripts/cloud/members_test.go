package cloud_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unread lists the request members that their service does not read, each with the reason.
var unread = map[string]string{
	"eventbridge.RemoveTargetsInput.Force":  "it only matters for rules that AWS manages, which don't exist here",
	"eventbridge.RuleInput.Force":           "likewise",
	"eventbridge.Target.RoleArn":            "it is returned as given: the local cloud's targets have resource policies, which decide",
	"logs.FilterLogEventsInput.Interleaved": "AWS has ignored it since 2019",
	"logs.PutLogEventsInput.SequenceToken":  "AWS has ignored it since 2023",
}

// TestEveryMemberIsRead checks that no service accepts a member of a request and ignores it. Whatever has no effect must
// be left out of the structs: then wire rejects it by name.
func TestEveryMemberIsRead(t *testing.T) {
	left := maps.Clone(unread)
	for _, service := range []string{"eventbridge", "logs", "scheduler", "sns", "sqs"} {
		members, read := membersOf(t, service)
		if len(members) < 20 {
			t.Fatalf("%s has %d members, so the test does not find its requests", service, len(members))
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			reason := unread[name]
			delete(left, name)
			switch isRead := read[members[name]]; {
			case !isRead && reason == "":
				t.Errorf("%s is accepted, but nothing reads it: give it its effect, or leave it out so that it is rejected", name)
			case isRead && reason != "":
				t.Errorf("%s is read now: take it off the list of those that are not", name)
			}
		}
	}
	for name := range left {
		t.Errorf("%s is on the list of members that are not read, but there is no such member", name)
	}
}

// membersOf returns the members of all requests of a service by name, and those that its code selects.
func membersOf(t *testing.T, service string) (members map[string]*types.Var, read map[*types.Var]bool) {
	t.Helper()
	fset, files := token.NewFileSet(), []*ast.File{}
	paths, err := filepath.Glob(filepath.Join(service, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}} // imports stay unknown: only the package's own types matter
	pkg, _ := config.Check(service, fset, files, info)
	members, read = map[string]*types.Var{}, map[*types.Var]bool{}
	for _, selection := range info.Selections {
		if v, ok := selection.Obj().(*types.Var); ok {
			read[v] = true
		}
	}
	methods := types.NewMethodSet(types.NewPointer(pkg.Scope().Lookup("Service").Type()))
	for i := range methods.Len() {
		signature := methods.At(i).Obj().Type().(*types.Signature)
		if methods.At(i).Obj().Exported() && signature.Params().Len() == 2 && signature.Results().Len() == 2 {
			collect(signature.Params().At(1).Type(), pkg, members)
		}
	}
	return members, read
}

// collect adds the fields of a struct of the package, and of the structs in them.
func collect(of types.Type, pkg *types.Package, members map[string]*types.Var) {
	switch of := of.(type) {
	case *types.Pointer:
		collect(of.Elem(), pkg, members)
	case *types.Slice:
		collect(of.Elem(), pkg, members)
	case *types.Map:
		collect(of.Elem(), pkg, members)
	case *types.Named:
		fields, isStruct := of.Underlying().(*types.Struct)
		if !isStruct || of.Obj().Pkg() != pkg {
			return
		}
		for field := range fields.Fields() {
			name := pkg.Name() + "." + of.Obj().Name() + "." + field.Name()
			if _, known := members[name]; known {
				continue
			}
			if !field.Embedded() {
				members[name] = field
			}
			collect(field.Type(), pkg, members)
		}
	}
}

// nothing imports empty packages.
type nothing struct{}

// Import implements types.Importer.
func (nothing) Import(path string) (*types.Package, error) {
	pkg := types.NewPackage(path, filepath.Base(path))
	pkg.MarkComplete()
	return pkg, nil
}
